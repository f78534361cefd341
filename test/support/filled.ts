import type { Stores } from '../../src/main/stores.ts';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import type { Item, ItemRecord } from '../../src/modules/register/index.ts';
import { declarationWith } from './declarations.ts';
import { chain, draftWith, itemWith } from './items.ts';
import {
  auditRunWith,
  importPartWith,
  importWith,
  itemRecord,
  lookupWith,
  refusedFilingWith,
  runPartWith,
} from './records.ts';
import { at } from './times.ts';

/** So many records of each kind: enough that a server which counts would choose an index. */
const MANY = 3_000;
const AT_ONCE = 500;
/** More items of one serial than are read along with others. */
const TWINS = 520;
const TWIN_SERIAL = '77-473';
const LONG = 10;
const LONG_EVENTS = 320;
export const FILLED_ORG = 'acme';
export const FILLED_REPORT = 'several-exporters';
export const FILLED_NUMBER = 'TW20260001';
const STATES = ['filed', 'verified', 'withdrawn', 'exited'] as const;

/** Some of the records that are there. */
export interface Filled {
  readonly itemIds: readonly string[];
  readonly item: Item;
  /** The serialKey, and serialFold, of more than 500 items. */
  readonly twins: string;
  readonly pressId: string;
  /** Has events in pages, where an engine keeps pages. */
  readonly long: ItemRecord;
  /** Has an idempotency key. */
  readonly declaration: Declaration;
}

/** Keeps thousands of records of every kind. */
export async function fillWithMany(stores: Stores): Promise<Filled> {
  const declarations = numbers(MANY).map(declarationNo);
  const press = itemWith({ serial: 'FILLED-PRESS' });
  const items = [press, ...numbers(MANY).map((no) => itemWith({ kind: 'die', serial: `FILLED-${no}` }))];
  const twins = numbers(TWINS).map((no) => itemWith({ maker: `maker-${no}`, serial: TWIN_SERIAL }));
  const longs = numbers(LONG).map((no) => itemRecord(`LONG-${no}`, LONG_EVENTS));
  for (const some of parts([...items, ...twins])) {
    const fitted = some.filter(({ kind, serial }) => kind === 'die' && serial.endsWith('3'));
    const first = fitted.flatMap(({ itemId }) =>
      chain([draftWith(itemId, 'fitted', { detail: { pressId: press.itemId } })]),
    );
    await stores.register.addItems(some, first);
  }
  await stores.register.adopt(longs);
  for (const some of parts(declarations)) await stores.declarations.adopt(some);
  for (const some of parts(numbers(MANY))) {
    await Promise.all(some.map((no) => stores.lookupLog.add(lookupNo(no))));
    await stores.imports.adopt(some.map(importNo));
    await stores.importParts.add(some.map((no) => importPartWith(no)));
    await stores.auditRuns.adopt(some.map(auditRunNo));
    await stores.auditRunParts.add(some.map((no) => runPartWith(no)));
    await Promise.all(
      some.slice(0, AT_ONCE / 2).map((no) => stores.refusedFilings.add(refusedFilingWith(no))),
    );
  }
  return {
    itemIds: items.slice(5, 15).map(({ itemId }) => itemId),
    item: items[20]!,
    twins: twins[0]!.serialKey,
    pressId: press.itemId,
    long: longs[0]!,
    declaration: declarations[40]!,
  };
}

function declarationNo(no: number): Declaration {
  const state = STATES[no % STATES.length] ?? 'filed';
  return declarationWith(no, {
    org: no % 3 === 0 ? FILLED_ORG : 'rival',
    state,
    filedAt: at(no),
    idempotencyKey: `k-${no}`,
    dueAt: no % 10 === 0 ? at(no) : null,
    ...(state === 'filed' ? {} : { number: `TW2026${String(no).padStart(4, '0')}` }),
  });
}

const lookupNo = (no: number) =>
  lookupWith(no, {
    org: no % 3 === 0 ? FILLED_ORG : 'rival',
    ...(no % 5 === 0 ? { case: `CASE-${no % 50}` } : {}),
  });

const importNo = (no: number) =>
  importWith(no, {
    org: no % 3 === 0 ? FILLED_ORG : 'rival',
    dueAt: no % 10 === 0 ? at(no) : null,
    ...(no % 2 === 0 ? { fileKey: `fil_${no}` } : {}),
  });

const auditRunNo = (no: number) =>
  auditRunWith(no, {
    report: no % 3 === 0 ? FILLED_REPORT : 'overdue',
    status: no % 2 === 0 ? 'completed' : 'failed',
    dueAt: no % 10 === 0 ? at(no) : null,
  });

const numbers = (count: number): number[] => Array.from({ length: count }, (_, no) => no);

function parts<T>(all: readonly T[]): T[][] {
  return numbers(Math.ceil(all.length / AT_ONCE)).map((no) => all.slice(no * AT_ONCE, (no + 1) * AT_ONCE));
}
