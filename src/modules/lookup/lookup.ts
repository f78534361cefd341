import type { Instant } from '../../kernel/clock.ts';
import type { SerialDifference } from '../../kernel/serial.ts';
import type { Item, ItemEvent, ItemHead } from '../register/index.ts';

/** What somebody reads on a plate or die and wants to know about. */
export interface LookupQuery {
  /** As read. */
  readonly serial: string;
  /** As named by the asker. */
  readonly maker?: string;
  readonly kind?: string;
  /** The asker's case, kept in the look-up log. */
  readonly case?: string;
}

/** `exact`: letter for letter. `normalised`: but for case, spaces and marks. `confusable`: but for look-alikes. */
export type MatchClass = 'exact' | 'normalised' | 'confusable';

export interface Match {
  readonly item: Item;
  readonly head: ItemHead;
  /** The mark that the serial as read was compared with: as registered, or as re-stamped. */
  readonly marked: string;
  readonly match: MatchClass;
  /** 0 to 1; orders matches, and is no probability. */
  readonly score: number;
  readonly differences: readonly SerialDifference[];
  readonly history: readonly ItemEvent[];
  readonly historyTruncated: boolean;
}

export type Verdict = 'clear' | 'caution' | 'stop' | 'unknown';

export interface Reason {
  readonly code: string;
  readonly level: 'info' | 'caution' | 'stop';
  readonly because: string;
  readonly itemId?: string;
}

export interface Answer {
  readonly lookupId: string;
  readonly at: Instant;
  readonly query: LookupQuery;
  readonly serialKey: string;
  readonly serialFold: string;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly matches: readonly Match[];
  /** True when more items fit than are listed. */
  readonly truncated: boolean;
}
