import { quoted } from '../../../kernel/wording.ts';
import type { Declaration } from '../../declarations/index.ts';
import { partyHits } from '../../verification/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { AuditSources } from '../sources.ts';
import { eachAlone } from '../sources.ts';
import { aboutDeclaration, DECLARATION_COLUMNS, isValid } from './declaration-columns.ts';

const ROLES = { consignee: 'consignee', endUser: 'end user', broker: 'broker' } as const;

/** The watch list of today held against the declarations of the past. */
export const listedParties: Report = {
  name: 'listed-parties',
  title: 'Parties on a list added later',
  description:
    'Declarations with a party that resembles one on the watch list of today, although the checks of the time did not find it: the list has grown since. A possible match, never proof.',
  columns: [...DECLARATION_COLUMNS, 'role', 'party', 'partyCountry', 'listed', 'entity', 'score', 'how'],
  source: 'declarations',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) =>
    eachAlone(sources.declarations(from), (declaration) => rowsOf(declaration, sources)),
};

function rowsOf(declaration: Declaration, { screening }: Pick<AuditSources, 'screening'>): AuditRow[] {
  if (!isValid(declaration) || declaration.verification.checkedAt === undefined) return [];
  const { id, filedAt, content, verification } = declaration;
  const known = new Set(
    verification.findings.flatMap(({ code, evidence }) =>
      code === 'watch-listed' ? [nameOfHit(evidence?.['role'], evidence?.['entityId'])] : [],
    ),
  );
  const about = aboutDeclaration(declaration);
  return partyHits(screening, declaration)
    .filter(({ role, hit }) => !known.has(nameOfHit(role, hit.entityId)))
    .map(({ role, name, hit }) => ({
      key: `${id} ${role} ${hit.entityId}`,
      code: 'listed-later',
      because: `The ${ROLES[role]} ${quoted(name)} of declaration ${declaration.reference} is a possible match with ${quoted(hit.name)} on the watch list, which the checks of the time did not find.`,
      at: filedAt,
      ...about,
      facts: {
        ...about.facts,
        role,
        party: name,
        partyCountry: content.consignment[role]?.country,
        listed: hit.name,
        entity: hit.entityId,
        score: hit.score,
        how: hit.how,
      },
      evidence: evidenceOf({ declarations: [id] }),
    }));
}

function nameOfHit(role: unknown, entityId: unknown): string {
  return JSON.stringify([role, entityId]);
}
