import { junkReason } from '../../kernel/junk-serial.ts';
import type { ItemEvent, ItemHead } from '../register/index.ts';
import { standing } from '../register/index.ts';
import type { Match, Reason, Verdict } from './lookup.ts';

/** What the asker said, as the catalogue understands it, with names for sentences. */
export interface AskedFor {
  readonly serial: string;
  readonly maker?: string;
  readonly kind?: string;
}

/**
 * The verdict on a serial as read, always with reasons. What is not in the register is unknown, never fake; an item
 * is taken for the one in hand only when its serial fits letter for letter or but for spaces, case and marks.
 */
export function verdictOf(
  asked: AskedFor,
  matches: readonly Match[],
  truncated: boolean,
): { verdict: Verdict; reasons: Reason[] } {
  const reasons: Reason[] = [];
  const junk = junkReason(asked.serial);
  if (junk !== null) {
    reasons.push({
      code: 'junk-serial',
      level: 'caution',
      because: `What was typed is no usable serial: ${junk}.`,
    });
  }
  if (/[?*_…]/.test(asked.serial)) {
    const because =
      'Marks for unreadable characters are left out of the comparison; only the characters given were compared.';
    reasons.push({ code: 'unreadable-left-out', level: 'info', because });
  }
  if (matches.length === 0) {
    const because =
      'No registered item carries this serial. That alone says nothing about whether the item is genuine.';
    reasons.push({ code: 'not-registered', level: 'info', because });
    return { verdict: 'unknown', reasons };
  }
  const sure = matches.filter((match) => match.match !== 'confusable');
  const fitting = sure.filter((match) => fits(asked, match));
  const best = fitting.length > 0 ? fitting : sure.length > 0 ? sure : matches;
  reasons.push(...ambiguity(asked, sure, fitting, matches, truncated));
  for (const match of best) reasons.push(...itemReasons(match));
  const worst = reasons.some((reason) => reason.level === 'stop')
    ? 'stop'
    : reasons.some((reason) => reason.level === 'caution')
      ? 'caution'
      : 'clear';
  return { verdict: worst, reasons };
}

function fits(asked: AskedFor, { item }: Match): boolean {
  return (
    (asked.maker === undefined || asked.maker === item.maker) &&
    (asked.kind === undefined || asked.kind === item.kind)
  );
}

function ambiguity(
  asked: AskedFor,
  sure: readonly Match[],
  fitting: readonly Match[],
  all: readonly Match[],
  truncated: boolean,
): Reason[] {
  const reasons: Reason[] = [];
  if (sure.length === 0) {
    const because = `No item carries exactly this serial. ${count(all.length, 'registered item')} could be misread for it: a possible match, not proof.`;
    reasons.push({ code: 'possible-match', level: 'caution', because });
  } else if (fitting.length === 0) {
    const because =
      'The serial is registered, but under another maker or kind than the one given: a possible match, not proof.';
    reasons.push({ code: 'maker-or-kind-differs', level: 'caution', because });
  } else if (fitting.length > 1) {
    const because = `${count(fitting.length, 'registered item')} carry this serial, of different makers or kinds: give the maker and kind to tell them apart.`;
    reasons.push({ code: 'several-makers', level: 'caution', because });
  } else {
    reasons.push(...fitting.map((match) => registered(asked, match)));
    if (sure.length > 1) {
      const because =
        'Items of other makers or kinds carry the same serial: compare the maker marked on the item.';
      reasons.push({ code: 'same-serial-elsewhere', level: 'info', because });
    }
  }
  if (sure.length > 0 && all.length > sure.length) {
    const because = `${count(all.length - sure.length, 'other item')} could be misread for this serial: read it again, character by character.`;
    reasons.push({ code: 'confusable-twin', level: 'caution', because });
  }
  if (truncated)
    reasons.push({ code: 'more-matches', level: 'caution', because: 'More items fit than are listed here.' });
  return reasons;
}

function itemReasons({ item, head, history }: Match): Reason[] {
  const { itemId } = item;
  const reasons: Reason[] = [{ ...statusReason(head), itemId }];
  const events = standing(history);
  const claims = claimants(events);
  const transferred = events.some((event) => event.type === 'transferred' || event.type === 'arrived');
  if (claims.size > 1 && !transferred) {
    reasons.push({
      code: 'claimed-by-several',
      level: 'caution',
      because: `${claims.size} exporters have declared this item, with no transfer or arrival between them on record.`,
      itemId,
    });
  }
  if (leftTwice(events)) {
    const because = 'It left more than once, with no arrival, return or transfer in between on record.';
    reasons.push({ code: 'exported-twice', level: 'caution', because, itemId });
  }
  return reasons;
}

/** The exporters whose declaration of the item wasn't withdrawn. */
function claimants(events: readonly ItemEvent[]): Set<string> {
  const orgs = new Map<string, string>();
  for (const { type, declarationId, org } of events) {
    if (declarationId === undefined || org === undefined) continue;
    if (type === 'declared') orgs.set(declarationId, org);
    else if (type === 'withdrawn') orgs.delete(declarationId);
  }
  return new Set(orgs.values());
}

/** Whether it left while it was away. */
function leftTwice(events: readonly ItemEvent[]): boolean {
  let away = false;
  for (const { type } of events) {
    if (type === 'exited' && away) return true;
    if (type === 'exited') away = true;
    else if (type === 'arrived' || type === 'not-shipped' || type === 'transferred') away = false;
  }
  return false;
}

function registered(asked: AskedFor, { item, match }: Match): Reason {
  const proven = match === 'exact' && asked.maker === item.maker;
  const because = proven
    ? 'One registered item of this maker carries exactly this serial.'
    : 'One registered item fits this serial: a possible match. Compare the maker and every character marked on the item.';
  return { code: 'registered', level: 'info', because, itemId: item.itemId };
}

function statusReason(head: ItemHead): Reason {
  switch (head.status) {
    case 'verified':
      return {
        code: 'verified',
        level: 'info',
        because: 'Its declaration was verified; it has not left yet.',
      };
    case 'exported':
      return {
        code: 'exported',
        level: 'info',
        because: `It left ${head.exitedFrom ?? 'the country'} on a verified declaration; no arrival is on record yet.`,
      };
    case 'arrived':
      return {
        code: 'arrived',
        level: 'info',
        because: `It left on a verified declaration and arrived${head.country === undefined ? '' : ` in ${head.country}`}.`,
      };
    case 'not-shipped':
      return {
        code: 'not-shipped',
        level: 'caution',
        because: 'It was reported as not shipped after all: it should still be where it was.',
      };
    case 'declared':
      return {
        code: 'not-verified-yet',
        level: 'caution',
        because: 'It is declared, but the declaration has not been verified yet.',
      };
    case 'under-review':
      return {
        code: 'under-review',
        level: 'caution',
        because: 'Its declaration waits for a regulator to decide.',
      };
    case 'withdrawn':
      return {
        code: 'withdrawn',
        level: 'caution',
        because: 'Its latest declaration was withdrawn or expired: it has no leave to go.',
      };
    case 'refused':
      return { code: 'refused', level: 'stop', because: 'Its declaration was refused.' };
    case 'lost':
    case 'stolen':
    case 'seized':
    case 'destroyed':
      return { code: head.status, level: 'stop', because: `It is recorded as ${head.status}.` };
  }
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
