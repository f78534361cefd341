import type { Declaration } from '../../../../src/modules/declarations/index.ts';
import type { ItemEvent } from '../../../../src/modules/register/index.ts';
import type { ItemHead } from '../../../../src/modules/register/index.ts';
import type { LookupLogEntry } from '../../../../src/modules/lookup/index.ts';
import type { MemoryRecords } from '../../../support/memory-stores.ts';
import type { Ledger } from '../ledger.ts';
import type { Witness } from '../witness.ts';

export interface StoredItem {
  readonly itemId: string;
  readonly head: ItemHead;
  readonly events: readonly ItemEvent[];
}

/** All there is to judge a world by: what is stored in the end, what people know, and what was seen to take effect. */
export interface Evidence {
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly items: ReadonlyMap<string, StoredItem>;
  readonly lookups: readonly LookupLogEntry[];
  readonly ledger: Ledger;
  readonly witness: Witness;
}

/** Read from the records themselves, past the stores that were used. */
export function gathered(records: MemoryRecords, ledger: Ledger, witness: Witness): Evidence {
  const declarations = new Map(
    [...records.declarations].map(([id, { text, dueAt }]) => [
      id,
      { ...(JSON.parse(text) as Declaration), dueAt },
    ]),
  );
  const items = new Map(
    [...records.items].map(([itemId, { head, events }]) => [
      itemId,
      {
        itemId,
        head: JSON.parse(head) as ItemHead,
        events: events.map(({ text }) => JSON.parse(text) as ItemEvent),
      },
    ]),
  );
  const lookups = [...records.lookups.values()].map((text) => JSON.parse(text) as LookupLogEntry);
  return { declarations, items, lookups, ledger, witness };
}

/** The values that occur more than once. */
export function doubles(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
