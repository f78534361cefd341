import type { Declaration, Line } from '../../../../src/modules/declarations/index.ts';
import type { ItemEvent } from '../../../../src/modules/register/index.ts';
import type { Evidence } from './evidence.ts';

const INCIDENTS = new Set(['lost', 'stolen', 'seized', 'destroyed']);
const RETURNS = new Set(['arrived', 'not-shipped', 'corrected']);

/** What has to do with the order of things: nothing left that was known to be held, and of rival claims the later was warned. */
export function departuresBroken(evidence: Evidence): string[] {
  const broken = [...evidence.declarations.values()].flatMap((declaration) => [
    ...leftThoughHeld(evidence, declaration),
    ...unwarned(evidence, declaration),
  ]);
  const held = evidence.ledger.sendings.flatMap(({ intent: { about }, failure }) =>
    failure?.code === 'items-held' && about.kind === 'step' ? about.declarationId : [],
  );
  return [
    ...broken,
    ...held.filter((id) => !wasEverHeld(evidence, id)).map((id) => `${id}: held for nothing`),
  ];
}

/** An item that it declared was lost, stolen, seized or destroyed, or left after it was decided that this may leave. */
function wasEverHeld({ items, witness }: Evidence, id: string): boolean {
  const lines = (witness.versions.get(id) ?? []).flatMap(({ declaration: { content } }) => content.lines);
  return lines.some(({ itemId }) => {
    const events = items.get(itemId)?.events ?? [];
    const decided = events.findIndex((event) => isDecision(event, id));
    return events.some(
      (event, index) => INCIDENTS.has(event.type) || (event.type === 'exited' && index > decided),
    );
  });
}

function leftThoughHeld({ items, ledger, witness }: Evidence, declaration: Declaration): string[] {
  const exit = declaration.moves.find(({ type }) => type === 'exited');
  if (exit === undefined) return [];
  const { id, content } = declaration;
  const requests = ledger.sendings.filter(
    ({ intent: { about, key } }) =>
      about.kind === 'step' && about.declarationId === id && about.type === 'exited' && key === exit.key,
  );
  const asked = Math.min(...requests.map(({ sent }) => sent));
  return content.lines.flatMap(({ itemId }) => {
    const events = items.get(itemId)?.events ?? [];
    const left = events.findIndex((event) => event.declarationId === id && event.type === 'exited');
    if (left === -1) return [];
    const decided = events.slice(0, left).findLastIndex((event) => isDecision(event, id));
    const known = ({ eventId }: ItemEvent): boolean => (witness.appended.get(eventId) ?? Infinity) < asked;
    const before = events.slice(0, left);
    const isTakenBack = events.some(({ type }) => type === 'corrected');
    const incident = before.find((event) => INCIDENTS.has(event.type) && known(event));
    if (incident !== undefined && !isTakenBack) return [`${id}: ${itemId} left though ${incident.type}`];
    const elsewhere = before.findIndex(
      (event, index) => index > decided && event.type === 'exited' && known(event),
    );
    if (elsewhere === -1 || events.slice(elsewhere, left).some(({ type }) => RETURNS.has(type))) return [];
    return [`${id}: ${itemId} left though it had left since the decision`];
  });
}

function isDecision({ declarationId, type, detail }: ItemEvent, id: string): boolean {
  return (
    declarationId === id && (type === 'verified' || type === 'reviewed') && detail['outcome'] === 'verified'
  );
}

/** A claim of another that came first and never ended has to be found by the check. */
function unwarned({ items }: Evidence, { id, org, content, verification }: Declaration): string[] {
  const { findings, ruleSet } = verification;
  if (ruleSet === undefined || findings.some(({ code }) => code === 'check-failed')) return [];
  return content.lines.flatMap((line) => {
    const events = items.get(line.itemId)?.events ?? [];
    const isOpen = !events.some(({ type }) => ['arrived', 'transferred', 'corrected'].includes(type));
    const rival =
      isOpen && events.slice(0, declaredAt(events, id, line)).find((event) => isClaim(event, events, org));
    const isWarned = findings.some(
      (finding) => finding.code === 'claimed-by-another' && finding.line === line.line,
    );
    return rival && !isWarned ? [`${id}: not warned of the claim of ${rival.org} on ${line.itemId}`] : [];
  });
}

function declaredAt(events: readonly ItemEvent[], id: string, { line }: Line): number {
  return events.findLastIndex(
    (event) => event.type === 'declared' && event.declarationId === id && event.line === line,
  );
}

function isClaim(event: ItemEvent, events: readonly ItemEvent[], org: string): boolean {
  if (event.type !== 'declared' || event.org === org) return false;
  return !events.some(
    ({ declarationId, type, detail }) =>
      declarationId === event.declarationId && (type === 'withdrawn' || detail['outcome'] === 'refused'),
  );
}
