import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import type { Stores } from '../../../src/main/stores.ts';
import type { Declaration } from '../../../src/modules/declarations/index.ts';
import { declarationWith } from '../../support/declarations.ts';
import { failureCode } from '../../support/failures.ts';
import { chain, draftWith, itemWith } from '../../support/items.ts';
import { lookupWith, refusedFilingWith } from '../../support/records.ts';
import { NOT_PRIMARY, WTIMEOUT } from '../../support/mongo-answers.ts';
import type { Body } from '../../support/mongo-wire.ts';
import type { Part } from '../../support/mongo-wire-proxy.ts';
import { throughWire } from '../../support/wired.ts';

/** A write of a port: the command it sends, what it answers when it took effect, and what is stored before and then. */
interface Write {
  readonly title: string;
  readonly command: string;
  readonly collection: string;
  readonly prepare?: (stores: Stores) => Promise<unknown>;
  readonly write: (stores: Stores) => Promise<unknown>;
  readonly answer: unknown;
  /** What it answers when its effect had to be read back, where that is less. */
  readonly answerReadBack?: unknown;
  /** A document as it was before, made from one as it is then; left out where there was none. */
  readonly undone?: (document: Body) => Body;
  readonly stored: (stores: Stores) => Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
}

const filed = declarationWith(1);
const withdrawn: Declaration = { ...filed, version: 2, state: 'withdrawn', pending: [], dueAt: null };
const items = [itemWith(), itemWith({ kind: 'die', serial: 'D-1' })];
const entries = items.flatMap(({ itemId }) =>
  chain([draftWith(itemId, 'registered'), draftWith(itemId, 'declared')]),
);
const events = entries.map(({ event }) => event);
const ids = items.map(({ itemId }) => itemId);
const histories = async ({ register }: Stores) => [...(await register.histories(ids, 10)).values()].flat();

const WRITES: readonly Write[] = [
  {
    title: 'a filing',
    command: 'insert',
    collection: 'declarations',
    write: ({ declarations }) => declarations.insert(filed),
    answer: { outcome: 'inserted' },
    stored: ({ declarations }) => declarations.find(filed.id),
    before: null,
    after: filed,
  },
  {
    title: 'a step of a declaration',
    command: 'update',
    collection: 'declarations',
    prepare: ({ declarations }) => declarations.insert(filed),
    write: ({ declarations }) => declarations.replace(filed, withdrawn),
    answer: true,
    undone: ({ stamp: _stamp, ...document }) => document,
    stored: ({ declarations }) => declarations.find(filed.id),
    before: filed,
    after: withdrawn,
  },
  {
    title: 'new items with their first events',
    command: 'insert',
    collection: 'items',
    write: ({ register }) => register.addItems(items, entries),
    answer: new Set(ids),
    answerReadBack: new Set(),
    stored: histories,
    before: [],
    after: events,
  },
  {
    title: 'events of several items',
    command: 'update',
    collection: 'items',
    prepare: ({ register }) => register.addItems(items),
    write: ({ register }) => register.append(entries),
    answer: Array(4).fill('appended'),
    undone: ({ stamp: _stamp, ...document }) => ({ ...document, seq: 0, events: [] }),
    stored: histories,
    before: [],
    after: events,
  },
  {
    title: 'logged look-ups',
    command: 'insert',
    collection: 'lookups',
    write: ({ lookupLog }) => Promise.all([1, 2].map((no) => lookupLog.add(lookupWith(no)))),
    answer: [undefined, undefined],
    stored: ({ lookupLog }) => lookupLog.list({ limit: 10 }),
    before: [],
    after: [lookupWith(1), lookupWith(2)],
  },
  {
    title: 'a refused filing',
    command: 'insert',
    collection: 'refused_filings',
    write: ({ refusedFilings }) => refusedFilings.add(refusedFilingWith(1)),
    answer: undefined,
    stored: ({ refusedFilings }) => refusedFilings.list({ limit: 10 }),
    before: [],
    after: [refusedFilingWith(1)],
  },
];

/** An answer to `find` without the effect of a write. */
function asBefore(answer: Body, undone: Write['undone']): Body {
  const cursor = answer['cursor'] as { readonly firstBatch: readonly Body[] };
  const firstBatch = undone === undefined ? [] : cursor.firstBatch.map(undone);
  return { ...answer, cursor: { ...cursor, firstBatch } };
}

throughWire('writes of the stores whose outcome is unknown', function (wired) {
  this.timeout(120_000);
  let stores: Stores;
  before(async () => {
    stores = await wired().openStores();
  });
  after(() => stores.close());

  for (const each of WRITES) {
    const { title, command, collection, prepare, write, answer, stored } = each;
    const answerReadBack = each.answerReadBack ?? answer;
    const play = (part: Part, times = 1): void => wired().proxy.play({ command, collection, times }, part);

    describe(title, () => {
      beforeEach(() => prepare?.(stores));

      /** The write had its effect, and has no other when it is repeated. */
      async function expectStored(): Promise<void> {
        expect(await stored(stores)).to.deep.equal(each.after);
        await write(stores);
        expect(await stored(stores)).to.deep.equal(each.after);
      }

      it('is there, once, when the driver gets no answer and sends it again', async () => {
        play({ answerLost: 'cut' });
        expect([answer, answerReadBack]).to.deep.include(await write(stores));
        await expectStored();
      });

      it('is there, once, when no answer comes at all', async () => {
        play({ answerLost: 'cut' }, 2);
        expect(await write(stores)).to.deep.equal(answerReadBack);
        await expectStored();
      });

      it('is there, once, when the server confirms it too late', async () => {
        play(WTIMEOUT);
        expect(await write(stores)).to.deep.equal(answerReadBack);
        await expectStored();
      });

      it('is called unsure when no majority has it after that', async () => {
        play(WTIMEOUT);
        wired().proxy.play(
          { command: 'find', collection },
          { answer: (found) => asBefore(found, each.undone) },
        );
        expect(await failureCode(() => write(stores))).to.equal('store-unsure');
        await expectStored();
      });

      for (const [how, part] of [
        ['never reaches the server', { commandLost: 'cut' }],
        ['comes to a server that is no primary any more', NOT_PRIMARY],
      ] as const) {
        it(`is not there when it ${how}, and its caller is told to come again`, async () => {
          play(part, 2);
          const error: unknown = await write(stores).catch((thrown: unknown) => thrown);
          expect(isFailure(error, 'store-away') && error.retryAfterSeconds).to.equal(1);
          expect(await stored(stores)).to.deep.equal(each.before);
          expect(await write(stores)).to.deep.equal(answer);
          await expectStored();
        });
      }
    });
  }

  it('is there, once, when a server falls silent in the middle', async () => {
    wired().proxy.play({ command: 'insert', collection: 'declarations' }, { answerLost: 'stall' });
    expect(await stores.declarations.insert(filed)).to.deep.equal({ outcome: 'inserted' });
    expect(await stores.declarations.list({ limit: 10 })).to.have.length(1);
  });
});
