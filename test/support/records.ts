import type { Stores } from '../../src/main/stores.ts';
import type { RefusedFiling } from '../../src/modules/declarations/index.ts';
import type { LookupLogEntry } from '../../src/modules/lookup/index.ts';
import type { ItemRecord } from '../../src/modules/register/index.ts';
import { EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import { declarationWith } from './declarations.ts';
import { chain, draftWith, itemWith } from './items.ts';
import { at } from './times.ts';

/** An item whose history has so many events. */
export function itemRecord(serial: string, events: number): ItemRecord {
  const item = itemWith({ serial });
  const entries = chain(Array.from({ length: events }, () => draftWith(item.itemId, 'inspected')));
  return { item, head: entries.at(-1)?.head ?? EMPTY_HEAD, events: entries.map(({ event }) => event) };
}

export function refusedFilingWith(no: number): RefusedFiling {
  return {
    id: `rfl_${String(no).padStart(5, '0')}`,
    org: no % 2 === 0 ? 'acme' : 'rival',
    sub: 'clerk-1',
    at: at(no),
    reference: null,
    code: 'declaration-invalid',
    faults: [{ field: 'items', code: 'required', message: 'is required' }],
    body: '{"$ne":"\u5E8F\u865F"}',
  };
}

export function lookupWith(no: number, facts: Partial<LookupLogEntry> = {}): LookupLogEntry {
  return {
    lookupId: `lkp_${String(no).padStart(6, '0')}`,
    at: at(no),
    sub: 'officer-1',
    org: 'au-border',
    role: 'customs',
    country: 'AU',
    serial: `zp33 ${no}`,
    verdict: 'unknown',
    itemIds: [],
    ...facts,
  };
}

/** Keeps a few records of every kind: 3 declarations, 40 items, 2 refused filings, 5 look-ups. */
export async function fillStores(stores: Stores): Promise<void> {
  await stores.declarations.adopt([1, 2, 3].map((no) => declarationWith(no)));
  await stores.register.adopt(Array.from({ length: 40 }, (_, no) => itemRecord(`FILL-${no}-77`, no % 5)));
  for (const no of [1, 2]) await stores.refusedFilings.add(refusedFilingWith(no));
  for (const no of [1, 2, 3, 4, 5]) await stores.lookupLog.add(lookupWith(no));
}
