import type { Instant } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import { serialFold, serialKey } from '../../kernel/serial.ts';

/** A press, an encapsulating machine or a key part of one, as first registered. Never changed afterwards. */
export interface Item {
  readonly itemId: string;
  /** Canonical maker key of the catalogue, or the normalised name of a maker it doesn't know. */
  readonly maker: string;
  /** The maker's name as the first declaration wrote it. */
  readonly makerName: string;
  readonly kind: string;
  /** As marked, verbatim. */
  readonly serial: string;
  readonly serialKey: string;
  readonly serialFold: string;
  /** True when the registry issued the mark because the maker gave none. */
  readonly assignedMark: boolean;
  readonly model?: string;
  readonly stations?: number;
  readonly year?: number;
  readonly registeredAt: Instant;
}

/** What two declarations must share to mean the same item. */
export interface ItemIdentity {
  readonly maker: string;
  readonly kind: string;
  readonly serial: string;
}

/** The id of an item: a hash of (maker, kind, serialKey), so that it is the same wherever it is worked out. */
export function itemIdOf(identity: ItemIdentity): string {
  return derivedId('itm', identity.maker, identity.kind, serialKey(identity.serial));
}

/** An item with its derived fields filled in. */
export function createItem(facts: Omit<Item, 'itemId' | 'serialKey' | 'serialFold'>): Item {
  const key = serialKey(facts.serial);
  return {
    ...facts,
    itemId: derivedId('itm', facts.maker, facts.kind, key),
    serialKey: key,
    serialFold: serialFold(key),
  };
}
