import type { Instant } from '../../kernel/clock.ts';
import type { ItemEvent } from './item-event.ts';
import type { ItemHead } from './item-head.ts';
import type { Item } from './item.ts';

/** An item with what its history adds up to. */
export interface ItemWithHead {
  readonly item: Item;
  readonly head: ItemHead;
}

/** An item with its whole history, in order of seq. */
export interface ItemRecord extends ItemWithHead {
  readonly events: readonly ItemEvent[];
}

/** Some records of all, and the position after them: null at the end. */
export interface ScannedItems {
  readonly records: readonly ItemRecord[];
  readonly next: string | null;
}

/** One event and the head it leads to. */
export interface Entry {
  readonly event: ItemEvent;
  readonly head: ItemHead;
}

/**
 * `appended`: durable now. `known`: an event of that id was there already, nothing changed.
 * `seq-taken`: the event's seq isn't the item's next one; nothing changed, try again from the present head.
 */
export type AppendOutcome = 'appended' | 'known' | 'seq-taken';

export interface HistoryQuery {
  /** Only what had been recorded by then. */
  readonly asOf?: Instant;
  /** Only events after this seq. */
  readonly afterSeq?: number;
  readonly limit: number;
}

/**
 * Items and their events. There is no eraser: no method changes or removes an item or an event.
 * Each record stands alone; a call that takes several may be cut short by a crash between any two of them.
 */
export interface RegisterStore {
  /**
   * Keeps items that are not there yet, each in one write with those of `first` that are about it, which follow each
   * other from seq 1 on. One that is there stays as it is and gets none of them. Durable on return.
   * @returns the ids of those that were not there; after a write whose outcome was unknown one of them may be missing
   */
  addItems(items: readonly Item[], first?: readonly Entry[]): Promise<Set<string>>;
  /** Heads by item id, for those of the ids that are registered. */
  heads(itemIds: readonly string[]): Promise<Map<string, ItemHead>>;
  /**
   * Appends events in order, each on its own; an item's head never goes back to a lower seq. Durable on return.
   * A head is worked out from the entries before it: after an entry that isn't appended, the item's further new
   * entries of the call are `seq-taken`, whatever their seq.
   * @throws Error, with nothing appended by an engine that can take it back, when an item isn't registered
   */
  append(entries: readonly Entry[]): Promise<AppendOutcome[]>;
  findItems(itemIds: readonly string[]): Promise<Map<string, ItemWithHead>>;
  /** Items of exactly this serialKey, as registered or re-stamped, over all makers and kinds, in order of item id. */
  bySerialKey(serialKey: string, limit: number): Promise<ItemWithHead[]>;
  /** Items of this serialFold, as registered or re-stamped, whatever their serialKey, in order of item id. */
  bySerialFold(serialFold: string, limit: number): Promise<ItemWithHead[]>;
  /** Items of many folds at once, as registered alone, `limitEach` at most for each. */
  bySerialFolds(serialFolds: readonly string[], limitEach: number): Promise<Map<string, ItemWithHead[]>>;
  /** The event of that id, if it is one of the item's. */
  findEvent(itemId: string, eventId: string): Promise<ItemEvent | null>;
  /** Events in order of seq. */
  history(itemId: string, query: HistoryQuery): Promise<ItemEvent[]>;
  /** The first `limitEach` events of each item, in order of seq; an item without events has an empty list. */
  histories(itemIds: readonly string[], limitEach: number): Promise<Map<string, ItemEvent[]>>;
  /** Items now fitted to this press, in order of item id, after the given one. */
  fittedTo(pressId: string, afterItemId: string | null, limit: number): Promise<ItemWithHead[]>;
  /** How many items there are; may be an estimate on a large register. */
  countItems(): Promise<number>;
  /**
   * Whole records after that of the given item, in order of item id. Large ones make a page shorter than `limit`;
   * only at the end it is empty.
   */
  page(afterItemId: string | null, limit: number): Promise<ItemRecord[]>;
  /**
   * Whole records in an order of the store's own, the quickest there is, in which a record never moves: from the
   * position that the call before gave, or from the beginning. Large ones make the answer shorter than `limit`.
   * @throws Failure `cursor-invalid` for a position that this store never gave
   */
  scan(position: string | null, limit: number): Promise<ScannedItems>;
  /**
   * Keeps records of a copy of this register as they are. Of one that is there, the events that it lacks are added
   * and the head replaced; one with as long a history, or with another one, stays as it is. Durable on return.
   */
  adopt(records: readonly ItemRecord[]): Promise<void>;
}
