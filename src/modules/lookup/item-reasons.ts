import type { ItemEvent, ItemHead } from '../register/index.ts';
import { isIncident, standing } from '../register/index.ts';
import type { Match, Reason } from './lookup.ts';

type About = Omit<Reason, 'itemId'>;

/** What speaks for and against one item, from what its history adds up to. */
export function itemReasons({ item, head, history, marked }: Match): Reason[] {
  const events = standing(history);
  const about = [
    ofStatus(head),
    ...afterIncident(head, events),
    ...claims(head, events),
    ...journeys(head, events),
    ...marks(item.serial, head, marked),
  ];
  return about.map((reason) => ({ ...reason, itemId: item.itemId }));
}

function ofStatus(head: ItemHead): About {
  switch (head.status) {
    case 'verified':
      return info('verified', 'Its declaration was verified; it has not left yet.');
    case 'exported':
      return info(
        'exported',
        `It left ${head.exitedFrom ?? 'the country'} on a verified declaration; no arrival is on record yet.`,
      );
    case 'arrived':
      return info(
        'arrived',
        `It left on a verified declaration and arrived${head.country === undefined ? '' : ` in ${head.country}`}.`,
      );
    case 'not-shipped':
      return caution(
        'not-shipped',
        'It was reported as not shipped after all: it should still be where it was.',
      );
    case 'declared':
      return caution('not-verified-yet', 'It is declared, but the declaration has not been verified yet.');
    case 'under-review':
      return caution('under-review', 'Its declaration waits for a regulator to decide.');
    case 'withdrawn':
      return caution('withdrawn', 'Its latest declaration was withdrawn or expired: it has no leave to go.');
    case 'refused':
      return { code: 'refused', level: 'stop', because: 'Its declaration was refused.' };
    case 'lost':
    case 'stolen':
    case 'seized':
    case 'destroyed':
      return { code: head.status, level: 'stop', because: `It is recorded as ${head.status}.` };
  }
}

/** What a lost, stolen, seized or destroyed item should not do. */
const ACTIVITY = new Set<string>([
  'declared',
  'exited',
  'arrived',
  'inspected',
  'fitted',
  'transferred',
  'restamped',
]);

function afterIncident(head: ItemHead, events: readonly ItemEvent[]): About[] {
  const at = events.findLastIndex((event) => event.type === head.status);
  if (at === -1 || !isIncident(head.status)) return [];
  const active = events.slice(at + 1).filter((event) => ACTIVITY.has(event.type));
  const last = active.at(-1);
  if (last === undefined) return [];
  const because = `Since then it was ${active.length === 1 ? '' : 'active again: last '}${last.type} on ${last.occurredAt.slice(0, 10)}.`;
  return [{ code: 'active-after-incident', level: 'stop', because }];
}

/** Who else declared it. */
function claims(head: ItemHead, events: readonly ItemEvent[]): About[] {
  const filings = new Map<string, { org: string; outcome: unknown }>();
  for (const { type, declarationId, org, detail } of events) {
    if (declarationId === undefined || org === undefined) continue;
    if (type === 'declared') filings.set(declarationId, { org, outcome: 'open' });
    else if (type === 'withdrawn') filings.delete(declarationId);
    else if (type === 'flagged' || type === 'reviewed')
      filings.set(declarationId, { org, outcome: detail['outcome'] });
  }
  const all = [...filings.values()];
  const claimants = new Set(all.filter(({ outcome }) => outcome !== 'refused').map(({ org }) => org));
  const refused = new Set(
    all.filter(({ outcome, org }) => outcome === 'refused' && org !== head.claimedBy).map(({ org }) => org),
  );
  const handedOver = events.some((event) => event.type === 'transferred' || event.type === 'arrived');
  const found: About[] = [];
  if (claimants.size > 1 && !handedOver) {
    const because = `${claimants.size} exporters have declared this item, with no transfer or arrival between them on record.`;
    found.push(caution('claimed-by-several', because));
  }
  if (refused.size > 0 && head.status !== 'refused') {
    found.push(
      info('other-filing-refused', `A declaration of it by ${[...refused].join(', ')} was refused.`),
    );
  }
  return found;
}

/** Whether it left, or was to leave, while it was away. */
function journeys(head: ItemHead, events: readonly ItemEvent[]): About[] {
  let away = false;
  let twice = false;
  for (const { type } of events) {
    if (type === 'exited') {
      twice ||= away;
      away = true;
    } else if (type === 'arrived' || type === 'not-shipped' || type === 'transferred') away = false;
  }
  const found: About[] = [];
  if (twice) {
    const because = 'It left more than once, with no arrival, return or transfer in between on record.';
    found.push(caution('exported-twice', because));
  }
  const lastExit = events.findLastIndex((event) => event.type === 'exited');
  const declaredSince = events.slice(lastExit + 1).some((event) => event.type === 'declared');
  if (lastExit !== -1 && head.exitedFrom !== undefined && declaredSince) {
    found.push(
      caution('declared-while-away', 'It was declared again after it left, with no return on record.'),
    );
  }
  return found;
}

function marks(serial: string, head: ItemHead, marked: string): About[] {
  const latest = head.marks?.at(-1);
  if (latest === undefined) return [];
  const read = marked === latest ? '' : ', which is not the mark as read';
  return [caution('restamped', `It was registered as ${serial} and re-stamped as ${latest}${read}.`)];
}

function info(code: string, because: string): About {
  return { code, level: 'info', because };
}

function caution(code: string, because: string): About {
  return { code, level: 'caution', because };
}
