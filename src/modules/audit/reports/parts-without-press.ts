import { counted, joined } from '../../../kernel/wording.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Declaration, Line } from '../../declarations/index.ts';
import { countByKind } from '../../declarations/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { aboutDeclaration, DECLARATION_COLUMNS, isValid } from './declaration-columns.ts';

/** Declared parts that belong to no declared or registered press. */
export const partsWithoutPress: Report = {
  name: 'parts-without-press',
  title: 'Parts without a press',
  description:
    'Declarations with key parts whose press is neither in the declaration nor known to the register: spare parts, or the tooling of a press that nobody declared. See `split-kits` for what such parts add up to.',
  columns: [...DECLARATION_COLUMNS, 'parts', 'kinds'],
  source: 'declarations',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) =>
    eachAlone(sources.declarations(from), (declaration) => rowsOf(declaration, sources.catalogue)),
};

function rowsOf(declaration: Declaration, catalogue: Catalogue): AuditRow[] {
  const loose = isValid(declaration) ? looseParts(declaration, catalogue) : [];
  if (loose.length === 0) return [];
  const { id, filedAt } = declaration;
  const about = aboutDeclaration(declaration);
  const row: AuditRow = {
    key: id,
    code: 'loose-parts',
    because: `Declaration ${declaration.reference} of ${declaration.org} holds ${partsNamed(countByKind(loose))} of no known press.`,
    at: filedAt,
    ...about,
    facts: { ...about.facts, parts: loose.length, kinds: kindsText(countByKind(loose)) },
    evidence: evidenceOf({ declarations: [id], items: loose.map(({ itemId }) => itemId) }),
  };
  return [row];
}

/** The lines of parts that belong to no press. */
export function looseParts({ content }: Declaration, catalogue: Catalogue): Line[] {
  return content.lines.filter(
    ({ kind, pressId }) => pressId === undefined && catalogue.findKind(kind)?.machine === false,
  );
}

type Counts = Readonly<Record<string, number>>;

/** `36 die and 36 upper-punch`: kinds by their codes. */
export function partsNamed(counts: Counts): string {
  return joined(Object.entries(counts).map(([kind, count]) => counted(count, kind.replaceAll('-', ' '))));
}

/** `die 36, upper-punch 36`. */
export function kindsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}
