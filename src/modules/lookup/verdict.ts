import { junkReason } from '../../kernel/junk-serial.ts';
import { itemReasons } from './item-reasons.ts';
import type { Match, Reason, Verdict } from './lookup.ts';

/** What the asker said, as the catalogue understands it, with names for sentences. */
export interface AskedFor {
  readonly serial: string;
  readonly maker?: string;
  readonly kind?: string;
}

/**
 * The verdict on a serial as read, always with reasons. What is not in the register is unknown, never fake; an item
 * is taken for the one in hand only when its serial fits letter for letter or but for spaces, case and marks. When
 * none does, what is known of the items it could be misread for still counts: a stolen one is worth a second look.
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
  for (const match of best) {
    const about = itemReasons(match);
    reasons.push(...(best.length === 1 ? about : about.map((reason) => named(match, reason))));
  }
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

function named({ item }: Match, reason: Reason): Reason {
  return { ...reason, because: `${item.makerName} ${item.serial}: ${reason.because}` };
}

function registered(asked: AskedFor, { item, match }: Match): Reason {
  const proven = match === 'exact' && asked.maker === item.maker;
  const because = proven
    ? 'One registered item of this maker carries exactly this serial.'
    : 'One registered item fits this serial: a possible match. Compare the maker and every character marked on the item.';
  return { code: 'registered', level: 'info', because, itemId: item.itemId };
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
