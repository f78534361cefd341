import type { ItemHead } from './item-head.ts';
import type { Item } from './item.ts';
import type { ItemWithHead } from './register.ports.ts';

/** A row of the table `items`. */
export interface ItemRow {
  no: number;
  item_id: string;
  maker: string;
  kind: string;
  serial_key: string;
  serial_fold: string;
  facts: string;
  seq: number;
  head: string;
}

/** What of an item has no column of its own. */
export type ItemFacts = Omit<Item, 'itemId' | 'maker' | 'kind' | 'serialKey' | 'serialFold'>;
export type HeadFacts = Omit<ItemHead, 'seq'>;

// What was parsed becomes the record itself: copying it by spread takes several times as long as parsing it.

export function toHead(row: Pick<ItemRow, 'seq' | 'head'>): ItemHead {
  return Object.assign(JSON.parse(row.head) as HeadFacts, { seq: row.seq });
}

export function toItem(row: ItemRow): ItemWithHead {
  const item: Item = Object.assign(JSON.parse(row.facts) as ItemFacts, {
    itemId: row.item_id,
    maker: row.maker,
    kind: row.kind,
    serialKey: row.serial_key,
    serialFold: row.serial_fold,
  });
  return { item, head: toHead(row) };
}
