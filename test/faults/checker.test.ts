import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { App, EventView, FiledView, LookupView } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, OFFICER } from '../support/declarations.ts';
import { temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';
import type { Acknowledgement, Acknowledgements } from './support/acknowledgements.ts';
import { openAcknowledgements, readAcknowledgements } from './support/acknowledgements.ts';
import { createCaller } from './support/caller.ts';
import type { Comparison } from './support/comparison.ts';
import { compare } from './support/comparison.ts';
import type { Noise } from './support/noise.ts';
import { createReader } from './support/reading.ts';
import { createTally } from './support/tally.ts';

const QUIET: Noise = { slow: () => undefined, worst: () => 0, close: () => undefined };

/** What somebody does to a copy of the store, and which kind of trouble has to be found then. */
interface Tampering {
  readonly with: string;
  readonly sql: readonly string[];
  readonly shows: keyof Comparison;
}

const EXITED = `json_extract(record, '$.moves[#-1].type') = 'exited'`;
const TAMPERINGS: readonly Tampering[] = [
  {
    with: 'a filing that is gone',
    sql: [
      `DELETE FROM declaration_contents WHERE id = (SELECT id FROM declarations WHERE reference = 'KEPT-1')`,
      `DELETE FROM declarations WHERE reference = 'KEPT-1'`,
    ],
    shows: 'lost',
  },
  {
    with: 'a line that is gone',
    sql: [`UPDATE declaration_contents SET content = json_remove(content, '$.lines[0]')`],
    shows: 'lost',
  },
  {
    with: 'an exit that is taken back',
    sql: [
      `UPDATE declarations SET record = json_remove(record, '$.moves[#-1]'), state = 'verified' WHERE ${EXITED}`,
    ],
    shows: 'lost',
  },
  { with: 'an event that is gone', sql: [`DELETE FROM item_events WHERE type = 'exited'`], shows: 'lost' },
  {
    with: 'an observation that is gone',
    sql: [`DELETE FROM item_events WHERE type = 'inspected'`],
    shows: 'lost',
  },
  {
    with: 'a gap in a history',
    sql: [`UPDATE item_events SET seq = seq + 10 WHERE type = 'inspected'`],
    shows: 'broken',
  },
  {
    with: 'an event that says something else',
    sql: [`UPDATE item_events SET detail = json_set(detail, '$.note', 'nothing') WHERE type = 'inspected'`],
    shows: 'broken',
  },
  {
    with: 'an event that is there twice',
    sql: [
      `INSERT INTO item_events SELECT item_no, seq + 2, 'evt_other', type, circumstances_no, line, detail, nonce, digest
       FROM item_events WHERE type = 'exited'`,
    ],
    shows: 'doubled',
  },
  {
    with: 'a filing that is there twice',
    sql: [
      `DROP INDEX declarations_by_reference`,
      `DROP INDEX declarations_by_key`,
      `UPDATE declarations SET number = NULL`,
      `INSERT INTO declarations SELECT 'dcl_other', org, reference, NULL, version, state, filed_at, due_at, number, items, loose, record
       FROM declarations WHERE reference = 'KEPT-1'`,
      `INSERT INTO declaration_contents SELECT 'dcl_other', content FROM declaration_contents
       WHERE id = (SELECT id FROM declarations WHERE reference = 'KEPT-1' AND id <> 'dcl_other')`,
    ],
    shows: 'doubled',
  },
  { with: 'a look-up that is gone', sql: [`DELETE FROM lookups`], shows: 'unlogged' },
  {
    with: 'a check that was never made',
    sql: [`UPDATE declarations SET state = 'filed', due_at = NULL WHERE reference = 'KEPT-2'`],
    shows: 'broken',
  },
];

describe('the comparison after a fault', () => {
  let dataDir: string;
  let acknowledgements: Acknowledgements;

  /** A few records, each acknowledged. */
  before(async () => {
    dataDir = temporaryFolder();
    acknowledgements = openAcknowledgements(join(temporaryFolder(), 'acknowledged.ndjson'));
    const app = await startApp({ DATA_DIR: dataDir });
    await filed(app, 'KEPT-1');
    const { id, items } = await filed(app, 'KEPT-2');
    await step(app, id, 'exit');
    const itemId = items[0]!.itemId;
    const seen = { type: 'inspected', note: 'sealed' };
    const event = await app.post<EventView>(`/v1/items/${itemId}/events`, OFFICER, seen, 'i-1');
    const { eventId, type } = event.body;
    await acknowledgements.note({ what: 'event', itemId, eventId, type });
    const looked = await app.get<LookupView>('/v1/lookup?serial=NT-KEPT-2-D', OFFICER);
    await acknowledgements.note({ what: 'lookup', lookupId: looked.body.lookupId });
    await app.closeAndKeep();
  });
  after(() => acknowledgements.close());

  async function filed(app: App, reference: string): Promise<FiledView> {
    const filing = await app.file(dieFiling(reference), EXPORTER, reference);
    const { id, items } = filing;
    const lines = items.map(({ itemId, line }) => ({ itemId, line }));
    const { org } = EXPORTER;
    await acknowledgements.note({ what: 'filing', org, key: reference, reference, id, items: lines });
    await app.checked(id);
    return filing;
  }

  async function step(app: App, declarationId: string, verb: string): Promise<void> {
    type StepView = { move: { no: number; type: string; recordedAt: string } };
    const { body } = await app.post<StepView>(
      `/v1/declarations/${declarationId}/${verb}`,
      OFFICER,
      {},
      'x-1',
    );
    await acknowledgements.note({ what: 'step', key: 'x-1', declarationId, ...body.move });
  }

  /** What the comparison says of a copy of the store to which `sql` was done. */
  async function found(sql: readonly string[]): Promise<Comparison> {
    const copy = temporaryFolder();
    cpSync(dataDir, copy, { recursive: true });
    const db = new Database(join(copy, 'registry.sqlite'));
    db.pragma('foreign_keys = OFF');
    for (const statement of sql) {
      if (statement.startsWith('D')) db.prepare(statement).run();
      else expect(db.prepare(statement).run().changes, statement).to.be.at.least(1);
    }
    db.close();
    const app = await startApp({ DATA_DIR: copy });
    const caller = createCaller(createTally(QUIET));
    const endpoint = { name: 'the copy', port: app.port, isUp: () => true, changes: () => 0 };
    const holdings = await createReader([endpoint], caller, app.tokenOf).read();
    caller.close();
    await app.closeAndKeep();
    return compare(readAcknowledgements(acknowledgements.file), holdings);
  }

  it('finds nothing in what is whole', async () => {
    expect(await found([])).to.deep.equal({ lost: [], doubled: [], unlogged: [], broken: [] });
  });

  for (const tampering of TAMPERINGS) {
    it(`finds ${tampering.with}`, async () => {
      const comparison = await found(tampering.sql);
      expect(comparison[tampering.shows]).not.to.have.length(0);
    });
  }

  it('finds an exit that was acknowledged to two', async () => {
    const acknowledged = readAcknowledgements(acknowledgements.file);
    const exit = acknowledged.find((each) => each.what === 'step')!;
    const other: Acknowledgement = { ...exit, key: 'x-2' };
    const empty = { listed: [], declarations: new Map(), histories: new Map(), lookups: [] };
    expect(compare([exit, other], empty).doubled).to.have.length(1);
  });
});

describe('the count of answers', () => {
  const outcome = { what: 'GET /v1/lookup of api-1', from: 0, to: 10, struck: false };
  const broken = (...outcomes: Parameters<ReturnType<typeof createTally>['count']>[0][]) => {
    const tally = createTally(QUIET);
    outcomes.forEach(tally.count);
    return tally.read().broken;
  };

  it('takes answers, refusals that say when to come back, and connections that died with their process', () => {
    const answered = { ...outcome, status: 200, retryAfter: undefined };
    const refused = { ...outcome, status: 503, retryAfter: '1' };
    const died = { ...outcome, struck: true, status: null, error: 'ECONNRESET' };
    expect(broken(answered, refused, died)).to.deep.equal([]);
  });

  it('accuses of bugs, of refusals without an end, and of connections that broke for nothing', () => {
    const bug = { ...outcome, status: 500, retryAfter: undefined };
    const endless = { ...outcome, status: 503, retryAfter: undefined };
    const broke = { ...outcome, status: null, error: 'ECONNRESET' };
    expect(broken(bug, endless, broke)).to.have.length(3);
  });

  it('knows what came late, and what hung', () => {
    const tally = createTally(QUIET);
    const answered = { ...outcome, status: 200, retryAfter: undefined };
    for (const to of [1_999, 2_001, 9_000]) tally.count({ ...answered, to });
    expect(tally.read()).to.include({ late: 2, hung: 1, slowestMs: 9_000 });
  });
});
