import { counted, joined, quoted } from '../../../kernel/wording.ts';
import type { Catalogue, Regime } from '../../catalogue/index.ts';
import type { Declaration } from '../../declarations/index.ts';
import { missingFields } from '../../verification/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { aboutDeclaration, DECLARATION_COLUMNS, isValid } from './declaration-columns.ts';

/** Declarations held against the fields that a regime asks for. */
export const regimeCompleteness: Report = {
  name: 'regime-completeness',
  title: 'Completeness against a regime',
  description:
    'Declarations that leave out what a regime asks for: the one named by `regime`, else the one that the declaration names, else that of the exporting country. What each regime asks for is in the catalogue.',
  columns: [...DECLARATION_COLUMNS, 'regime', 'missing', 'linesIncomplete'],
  source: 'declarations',
  heeds: ['regime'],
  defaults: {},
  run: (sources, { regime }, from) =>
    eachAlone(sources.declarations(from), (declaration) => rowsOf(declaration, sources.catalogue, regime)),
};

function rowsOf(declaration: Declaration, catalogue: Catalogue, asked: string | undefined): AuditRow[] {
  if (!isValid(declaration)) return [];
  const code = asked ?? declaration.content.consignment.regime ?? declaration.country;
  const regime: Regime | null = catalogue.findRegime(code);
  if (regime === null) return [];
  const missing = missingFields(regime, declaration);
  if (missing.length === 0) return [];
  const { id, filedAt, content } = declaration;
  const lines = new Set(missing.flatMap((field) => field.lines ?? []));
  const about = aboutDeclaration(declaration);
  const named = missing.map((field) =>
    field.lines === undefined
      ? quoted(field.path)
      : `${quoted(field.path)} (${counted(field.lines.length, 'line')})`,
  );
  const row: AuditRow = {
    key: `${id} ${regime.code}`,
    code: 'incomplete',
    because: `Declaration ${declaration.reference} of ${declaration.org} leaves out what ${regime.code} asks for: ${joined(named)}.`,
    at: filedAt,
    ...about,
    facts: {
      ...about.facts,
      regime: regime.code,
      missing: missing.map(({ field }) => field.path).join(' '),
      linesIncomplete: lines.size,
    },
    evidence: evidenceOf({
      declarations: [id],
      items: content.lines.flatMap(({ line, itemId }) => (lines.has(line) ? [itemId] : [])),
    }),
  };
  return [row];
}
