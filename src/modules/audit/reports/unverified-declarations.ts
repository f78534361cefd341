import type { Instant } from '../../../kernel/clock.ts';
import { counted } from '../../../kernel/wording.ts';
import type { Declaration } from '../../declarations/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { aboutDeclaration, DECLARATION_COLUMNS, daysBetween } from './declaration-columns.ts';

/** Declarations that wait too long to be checked, or for a regulator's decision. */
export const unverifiedDeclarations: Report = {
  name: 'unverified-declarations',
  title: 'Declarations unverified too long',
  description:
    'A declaration that has waited for at least `days` days since it was filed, or since an amendment took its number back, and that is still to be checked (`unchecked`: something is wrong with the registry) or to be decided by a regulator (`undecided`).',
  columns: [...DECLARATION_COLUMNS, 'findings', 'daysSince'],
  source: 'declarations',
  heeds: ['days'],
  defaults: { days: 7 },
  run: (sources, { days = 0 }, from) =>
    eachAlone(sources.declarations(from), (declaration) => rowsOf(declaration, sources.now, days)),
};

function rowsOf(declaration: Declaration, now: string, days: number): AuditRow[] {
  const { id, state, verification } = declaration;
  if (state !== 'filed' && state !== 'needs-review') return [];
  const recordedAt = unverifiedSince(declaration);
  const daysSince = daysBetween(recordedAt, now);
  if (daysSince < days) return [];
  const about = aboutDeclaration(declaration);
  const codes = [...new Set(verification.findings.map(({ code }) => code))];
  const waits = state === 'filed' ? 'to be checked' : 'for a decision';
  const row: AuditRow = {
    key: id,
    code: state === 'filed' ? 'unchecked' : 'undecided',
    because: `Declaration ${declaration.reference} of ${declaration.org} has waited ${waits} for ${counted(daysSince, 'day')}.`,
    at: recordedAt,
    ...about,
    facts: { ...about.facts, findings: codes.join(' '), daysSince },
    evidence: evidenceOf({ declarations: [id] }),
  };
  return [row];
}

/** When it was filed, or what happened first after it had been verified: further amendments don't make the wait shorter. */
function unverifiedSince({ moves, filedAt }: Declaration): Instant {
  const verified = moves.findLastIndex(({ state }) => state === 'verified');
  return moves[verified + 1]?.recordedAt ?? filedAt;
}
