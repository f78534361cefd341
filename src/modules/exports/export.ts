import { hash } from 'node:crypto';
import type { Instant } from '../../kernel/clock.ts';

/** What an export holds up to the end of one of its parts. */
export interface Totals {
  readonly parts: number;
  readonly declarations: number;
  readonly items: number;
  readonly events: number;
  /** The chain over the parts; see `chained`. */
  readonly sha256: string;
}

/** Closes a part: a few records, each on a line of its own. */
export interface Part {
  /** 1, 2, 3 … within the export, also where that was resumed. */
  readonly no: number;
  readonly records: number;
  /** SHA-256, hexadecimal, of the lines of the part's records, line feeds included. */
  readonly sha256: string;
  /** Goes on behind this part. */
  readonly cursor: string;
}

/** Whether items come with all that is known of them, or with what one exporter may know. */
export type Histories = 'whole' | 'own';

/** The last line of an export: one without it is not complete. */
export interface Manifest extends Totals {
  readonly registerId: string;
  /** The organisation whose data these are; without it they are the whole register. */
  readonly exporter?: string;
  readonly histories: Histories;
  /** When it was begun. */
  readonly at: Instant;
}

/** SHA-256 of nothing: where the chain begins. */
const CHAIN_START = hash('sha256', '', 'hex');

export const NOTHING: Totals = { parts: 0, declarations: 0, items: 0, events: 0, sha256: CHAIN_START };

/**
 * The chain over all parts, one part further: SHA-256 of the chain so far and the part's own SHA-256, both in
 * hexadecimal. It stands for every byte of all records and for their order, and can be carried on from any part.
 */
export function chained(before: string, part: string): string {
  return hash('sha256', before + part, 'hex');
}

/** How each kind of line begins, so that a line is known without reading all of it. */
export const BEGINNINGS = {
  declaration: '{"declaration":',
  item: '{"item":',
  part: '{"part":',
  manifest: '{"manifest":',
} as const;
