import type { Instant } from '../../kernel/clock.ts';
import type { Catalogue, ScreeningHit } from '../catalogue/index.ts';
import type { DayVolume, Declaration, Line } from '../declarations/index.ts';
import type { Item, ItemEvent, ItemWithHead } from '../register/index.ts';

/** What is known about one line's item, apart from what this declaration itself says about it. */
export interface LineFacts {
  readonly line: Line;
  /** The item as first registered. */
  readonly item: Item;
  /** Its events in order, without those of the declaration under check. */
  readonly before: readonly ItemEvent[];
  /**
   * The seq of the event by which this declaration declared the line, latest if it did so again. Of rival claims the
   * one of lower seq came first; as a check begins after its own events are recorded, it sees every earlier one.
   */
  readonly declaredSeq: number;
  /** Other items of the same serialFold but another serialKey, of any maker and kind; at most 20. */
  readonly twins: readonly ItemWithHead[];
  /** Other items of the same serialKey, of any maker and kind; at most 20. */
  readonly sameSerial: readonly ItemWithHead[];
  /** The press it was fitted to before this declaration, when that is another one than now. */
  readonly otherPress?: Item;
}

/** A party of the declaration that resembles one on the watch list. */
export interface PartyHit {
  readonly role: 'consignee' | 'endUser' | 'broker';
  readonly name: string;
  readonly hit: ScreeningHit;
}

/** All that the checks may look at: gathered once, so that each check is a pure function of it. */
export interface Facts {
  readonly now: Instant;
  readonly declaration: Declaration;
  readonly catalogue: Catalogue;
  readonly lines: readonly LineFacts[];
  /** What the same exporter declared in the 90 days before, without this declaration; a day each. */
  readonly volumes: readonly DayVolume[];
  /** Presses that lines of this declaration belong to but that it doesn't hold itself, by item id. */
  readonly presses: ReadonlyMap<string, ItemWithHead>;
  /**
   * Items that are fitted to one of `presses` by the register, those of this declaration included, by the press's item
   * id. Missing where they are too many to be counted, and beyond the first 50 presses.
   */
  readonly fitted: ReadonlyMap<string, readonly ItemWithHead[]>;
  /**
   * The events of the first 50 of `presses`, by item id and in order. Missing where they are too many, 1,000 or more.
   */
  readonly pressHistories: ReadonlyMap<string, readonly ItemEvent[]>;
  /**
   * How many registered machines carry the serial in `partOf` of a line without press, by serialKey; counted among
   * the first 60 items of that serial.
   */
  readonly machinesNamed: ReadonlyMap<string, number>;
  readonly partyHits: readonly PartyHit[];
}
