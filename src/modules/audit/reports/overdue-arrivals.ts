import { counted } from '../../../kernel/wording.ts';
import type { Declaration } from '../../declarations/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { AuditSources } from '../sources.ts';
import { eachAlone } from '../sources.ts';
import { aboutDeclaration, DECLARATION_COLUMNS, daysBetween } from './declaration-columns.ts';

/** Shipments that left under their number long ago and were never recorded as arrived. */
export const overdueArrivals: Report = {
  name: 'overdue-arrivals',
  title: 'Numbers exited but never arrived',
  description:
    'A number is used once, at exit; customs of the destination then record the arrival. A row is a declaration whose exit is at least `days` days ago, with no arrival since and no word that it was not shipped, and of which items are still on the way: not recorded on their own as arrived, seized, lost or the like.',
  columns: [...DECLARATION_COLUMNS, 'number', 'portOfExit', 'onTheWay', 'daysSince'],
  source: 'declarations',
  heeds: ['days'],
  defaults: { days: 90 },
  run: (sources, { days = 0 }, from) =>
    eachAlone(sources.declarations(from), (declaration) => rowsOf(declaration, sources, days)),
};

async function rowsOf(
  declaration: Declaration,
  { now, heads }: Pick<AuditSources, 'now' | 'heads'>,
  days: number,
): Promise<AuditRow[]> {
  const { id, state, moves, content, number } = declaration;
  const exit = moves.findLast(({ type }) => type === 'exited');
  if (state !== 'exited' || exit === undefined) return [];
  const daysSince = daysBetween(exit.occurredAt, now);
  if (daysSince < days) return [];
  const found = await heads(content.lines.map(({ itemId }) => itemId));
  const open = content.lines.filter(({ itemId }) => (found.get(itemId)?.status ?? 'exported') === 'exported');
  if (open.length === 0) return [];
  const about = aboutDeclaration(declaration);
  const { portOfExit, destination } = content.consignment;
  const [left, all] = [open.length, content.lines.length];
  const row: AuditRow = {
    key: id,
    code: 'arrival-overdue',
    because: `Number ${number ?? 'unknown'} left ${exit.place ?? portOfExit} for ${destination} ${counted(daysSince, 'day')} ago; of ${left === all ? counted(all, 'item') : `${left} of its ${counted(all, 'item')}`} no arrival is recorded.`,
    at: exit.occurredAt,
    ...about,
    facts: { ...about.facts, number, portOfExit: exit.place ?? portOfExit, onTheWay: left, daysSince },
    evidence: evidenceOf({ declarations: [id], items: open.map(({ itemId }) => itemId) }),
  };
  return [row];
}
