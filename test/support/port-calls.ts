import type { LeaseStore } from '../../src/kernel/lease.ts';
import type { Stores } from '../../src/main/stores.ts';
import type {
  Declaration,
  DeclarationStore,
  RefusedFilingStore,
} from '../../src/modules/declarations/index.ts';
import type { AuditRunParts, AuditRunStore } from '../../src/modules/audit/index.ts';
import type { ImportParts, ImportStore } from '../../src/modules/imports/index.ts';
import type { LookupLog } from '../../src/modules/lookup/index.ts';
import type { RegisterStore } from '../../src/modules/register/index.ts';
import { EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import { declarationWith } from './declarations.ts';
import { chain, draftWith, entryAfter, itemWith } from './items.ts';
import type { Filled } from './filled.ts';
import { FILLED_NUMBER, FILLED_ORG, FILLED_REPORT } from './filled.ts';
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

/** Every way in which a method can be called that leads to another query. */
type Calls<Port> = { readonly [Method in keyof Port]: (port: Port, filled: Filled) => Promise<unknown>[] };

/** All choices of these optional fields, from none to all of them. */
function choices<T extends object>(fields: T): Partial<T>[] {
  return Object.entries(fields).reduce<Partial<T>[]>(
    (some, [field, value]) => [...some, ...some.map((each) => ({ ...each, [field]: value as unknown }))],
    [{}],
  );
}

let fresh = 0;
/** A number that no record has yet. */
const next = (): number => (fresh += 1) + 900_000;
const later = (previous: Declaration, facts: Partial<Declaration>): Declaration => ({
  ...previous,
  version: previous.version + 1,
  ...facts,
});

const register: Calls<RegisterStore> = {
  addItems: (port) => {
    const item = itemWith({ serial: `NEW-${next()}` });
    const first = chain([draftWith(item.itemId, 'registered')]);
    return [
      port.addItems([item]),
      port.addItems([item], first),
      port.addItems([itemWith({ serial: `NEW-${next()}` })], first),
    ];
  },
  heads: (port, { itemIds }) => [port.heads(itemIds)],
  append: (port, { itemIds, long }) => [
    // Onto an item without events, onto one that has them in pages, and where there is no place any more.
    port.append(chain([draftWith(itemIds[0] ?? '', 'restamped', { detail: { newSerial: 'MARK-1' } })])),
    port.append([entryAfter(long.head, draftWith(long.item.itemId, 'inspected'))]),
    port.append([entryAfter(EMPTY_HEAD, draftWith(long.item.itemId, 'inspected'))]),
  ],
  findItems: (port, { itemIds }) => [port.findItems(itemIds)],
  bySerialKey: (port, { item, twins }) => [port.bySerialKey(item.serialKey, 5), port.bySerialKey(twins, 5)],
  bySerialFold: (port, { item, twins }) => [
    port.bySerialFold(item.serialFold, 5),
    port.bySerialFold(twins, 5),
  ],
  bySerialFolds: (port, { item, twins }) => [
    port.bySerialFolds([item.serialFold], 5),
    port.bySerialFolds([twins], 5),
  ],
  findEvent: (port, { long }) => [
    port.findEvent(long.item.itemId, long.events[3]?.eventId ?? ''),
    port.findEvent(long.item.itemId, long.events.at(-1)?.eventId ?? ''),
  ],
  history: (port, { long }) =>
    choices({ asOf: at(1_000), afterSeq: 5 }).map((some) =>
      port.history(long.item.itemId, { ...some, limit: 400 }),
    ),
  histories: (port, { itemIds, long }) => [port.histories([...itemIds, long.item.itemId], 5)],
  fittedTo: (port, { pressId, itemIds }) => [
    port.fittedTo(pressId, null, 5),
    port.fittedTo(pressId, itemIds[0] ?? '', 5),
  ],
  countItems: (port) => [port.countItems()],
  page: (port, { itemIds }) => [port.page(null, 40), port.page(itemIds[0] ?? '', 40)],
  scan: (port) => [port.scan(null, 40).then(({ next }) => port.scan(next, 40))],
  adopt: (port, { long }) => {
    const known = itemRecord(`NEW-${next()}`, 3);
    return [
      port.adopt([known]),
      port.adopt([{ ...known, events: known.events.slice(0, 2) }]),
      port.adopt([long]),
    ];
  },
};

const declarations: Calls<DeclarationStore> = {
  insert: (port, { declaration }) => [
    port.insert(declarationWith(next(), { idempotencyKey: `k-${next()}` })),
    port.insert({ ...declaration, id: `dcl_${next()}`, idempotencyKey: `k-${next()}` }),
    port.insert({ ...declaration, id: `dcl_${next()}`, reference: `INV-${next()}` }),
  ],
  replace: (port, { declaration }) => [
    port.replace(later(declaration, {}), later(declaration, { state: 'verified' })),
    port.replace(declaration, later(declaration, { content: { ...declaration.content } })),
  ],
  postpone: (port, { declaration }) => [port.postpone(declaration, at(1)), port.postpone(declaration, null)],
  find: (port, { declaration }) => [port.find(declaration.id)],
  findByKey: (port, { declaration }) => [port.findByKey(declaration.org, declaration.idempotencyKey ?? '')],
  list: (port, { declaration }) => {
    const { id, filedAt } = declaration;
    const fields = {
      org: FILLED_ORG,
      state: 'filed',
      number: FILLED_NUMBER,
      since: at(7),
      after: { filedAt, id },
    };
    return choices(fields).map((some) => port.list({ ...(some as object), limit: 5 }));
  },
  due: (port) => [port.due(at(20_000), 5)],
  volumes: (port, { declaration: { id } }) => [
    port.volumes({ org: FILLED_ORG, since: at(7), exceptId: id, limit: 5 }),
  ],
  backlog: (port) => [port.backlog()],
  count: (port) => [port.count()],
  page: (port, { declaration: { id } }) => [port.page(null, 40), port.page(id, 40)],
  adopt: (port, { declaration }) => [
    port.adopt([declarationWith(next())]),
    port.adopt([later(declaration, {})]),
  ],
};

const refusedFilings: Calls<RefusedFilingStore> = {
  add: (port) => [port.add(refusedFilingWith(next()))],
  list: (port) =>
    choices({ org: FILLED_ORG, after: { at: at(900), id: 'rfl_00900' } }).map((some) =>
      port.list({ ...some, limit: 5 }),
    ),
  count: (port) => [port.count()],
};

const lookupLog: Calls<LookupLog> = {
  add: (port) => [port.add(lookupWith(next()))],
  list: (port) => {
    const after = { at: at(900), lookupId: 'lkp_000900' };
    const fields = { org: FILLED_ORG, case: 'CASE-1', since: at(7), until: at(2_000), after };
    return choices(fields).map((some) => port.list({ ...some, limit: 5 }));
  },
  count: (port) => [port.count()],
};

const imports: Calls<ImportStore> = {
  insert: (port) => [port.insert(importWith(next()))],
  replace: (port) => {
    const one = importWith(7);
    return [
      port.replace(one, { ...one, version: 2 }),
      port.replace(one, { ...one, version: 2, fileKey: 'fil_9' }),
    ];
  },
  remove: (port) => [port.remove(importWith(next()))],
  find: (port) => [port.find('imp_00007')],
  findByFile: (port) => [port.findByFile(FILLED_ORG, 'fil_9')],
  list: (port) =>
    choices({ org: FILLED_ORG, after: { createdAt: at(900), id: 'imp_00900' } }).map((some) =>
      port.list({ ...some, limit: 5 }),
    ),
  due: (port) => [port.due(at(20_000), 5)],
  count: (port) => [port.count()],
  page: (port) => [port.page(null, 40), port.page('imp_00007', 40)],
  adopt: (port) => [port.adopt([importWith(next())]), port.adopt([{ ...importWith(8), version: 9 }])],
};

const importParts: Calls<ImportParts> = {
  add: (port) => [port.add([importPartWith(next())])],
  after: (port) => [port.after('imp_00001', 'refused', 7, 5)],
  drop: (port) => [port.drop('imp_00001', 'refused', 2_990)],
  count: (port) => [port.count()],
  page: (port) => [port.page(null, 4), port.page(importPartWith(7), 4)],
};

const auditRuns: Calls<AuditRunStore> = {
  insert: (port) => [port.insert(auditRunWith(next()))],
  replace: (port) => {
    const run = auditRunWith(7);
    return [port.replace(run, { ...run, version: 2 })];
  },
  find: (port) => [port.find('aud_00007')],
  list: (port) =>
    choices({ report: FILLED_REPORT, after: { createdAt: at(900), id: 'aud_00900' } }).map((some) =>
      port.list({ ...some, limit: 5 }),
    ),
  latest: (port) => [port.latest(`${FILLED_REPORT} {}`), port.latest(`${FILLED_REPORT} {}`, 'completed')],
  due: (port) => [port.due(at(20_000), 5)],
  count: (port) => [port.count()],
  page: (port) => [port.page(null, 40), port.page('aud_00007', 40)],
  adopt: (port) => [port.adopt([auditRunWith(next())]), port.adopt([{ ...auditRunWith(8), version: 9 }])],
};

const auditRunParts: Calls<AuditRunParts> = {
  add: (port) => [port.add([runPartWith(next())])],
  find: (port) => [port.find(runPartWith(7))],
  drop: (port) => [port.drop('aud_00002', 3)],
  count: (port) => [port.count()],
  page: (port) => [port.page(null, 4), port.page(runPartWith(7), 4)],
};

const leases: Calls<LeaseStore> = {
  read: (port) => [port.read('relay')],
  take: (port) => [
    port.take('relay', 'one', null),
    port.take('relay', 'two', { name: 'relay', holder: 'one', token: 1, beat: 1 }),
  ],
  renew: (port) => [port.renew({ name: 'relay', holder: 'two', token: 2, beat: 2 })],
  release: (port) => [port.release({ name: 'relay', holder: 'two', token: 2, beat: 3 })],
};

const CALLS = {
  register,
  declarations,
  refusedFilings,
  lookupLog,
  imports,
  importParts,
  auditRuns,
  auditRunParts,
  leases,
};

/** Methods of the stores, such as `register.append`, by what they really have. */
export function methodsOf(stores: Stores): string[] {
  return Object.entries(stores).flatMap(([port, value]) =>
    typeof value === 'object' && value !== null
      ? Object.keys(value as object).map((method) => `${port}.${method}`)
      : typeof value === 'function'
        ? [port]
        : [],
  );
}

/** What calls each of the methods in every way that leads to another query. Those that are missing here are not called. */
export function callsOf(stores: Stores, filled: Filled): Map<string, () => Promise<unknown>> {
  const calls = new Map<string, () => Promise<unknown>>([['probe', () => stores.probe()]]);
  for (const [name, some] of Object.entries(CALLS)) {
    const port = stores[name as keyof typeof CALLS];
    for (const [method, call] of Object.entries(port === null ? {} : some)) {
      calls.set(`${name}.${method}`, () =>
        Promise.all((call as (port: unknown, filled: Filled) => Promise<unknown>[])(port, filled)),
      );
    }
  }
  return calls;
}
