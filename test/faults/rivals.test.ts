import { chmodSync } from 'node:fs';
import { expect } from 'chai';
import type { ItemEvent } from '../../src/modules/register/index.ts';
import type { FiledView, ProblemView } from '../support/app.ts';
import { until } from '../support/app.ts';
import { filing, REGULATOR } from '../support/declarations.ts';
import { tally as counted } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import type { Caller, Reply } from './support/caller.ts';
import { createCaller } from './support/caller.ts';
import { onEachEngine } from './support/engine.ts';
import { exporter } from './support/filings.ts';
import type { Installation } from './support/installation.ts';
import { startInstallation } from './support/installation.ts';
import type { Noise } from './support/noise.ts';
import { listenToNoise } from './support/noise.ts';
import { sized } from './support/scale.ts';
import { report } from './support/summary.ts';
import type { TallyKeeper } from './support/tally.ts';
import { createTally, isRefusal } from './support/tally.ts';

const RIVALS = 64;
const ROUNDS = sized({ short: 3, full: 200 });

interface Rival {
  readonly org: number;
  readonly reference: string;
  readonly key: string;
  readonly serial: string;
}

onEachEngine(`${RIVALS} clients that file at once`, (engine) => {
  let installation: Installation;
  let noise: Noise;
  let tally: TallyKeeper;
  let caller: Caller;

  before(async function () {
    this.timeout(120_000);
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    noise = listenToNoise();
    // What is filed here is judged by its filing alone.
    installation = await startInstallation({ engine, folder, workers: 0 });
  });
  beforeEach(() => {
    tally = createTally(noise);
    caller = createCaller(tally);
  });
  afterEach(function () {
    caller.close();
    const { requests, answered, slowestMs, late, broken } = tally.read();
    expect(broken).to.deep.equal([]);
    const none = { lost: 0, doubled: 0, unlogged: 0, recoveryMs: null, backlogMs: null, availability: null };
    const fault = this.currentTest?.title.replace(/^.*filing /, `${RIVALS} filing `) ?? '';
    report({ fault, engine, rounds: ROUNDS, requests, acknowledged: answered, slowestMs, late, ...none });
  });
  after(async () => {
    await installation.close();
    noise.close();
    removeFolders();
  });

  /** Asks the processes by turns; a refusal is tried again under the same key. */
  async function file({ org, reference, key, serial }: Rival, no: number): Promise<Reply> {
    const json = filing({ reference, items: [{ kind: 'die', maker: 'Natoli', serial }] });
    const token = installation.tokenOf(exporter(org));
    const endpoint = installation.apis[no % installation.apis.length]!;
    return until(async () => {
      const reply = await caller.call(endpoint, {
        method: 'POST',
        path: '/v1/declarations',
        token,
        json,
        key,
      });
      return reply === null || isRefusal(reply.status) ? null : reply;
    });
  }

  /** One round: each files what `rival` says. */
  function all(rival: (no: number) => Rival): Promise<Reply[]> {
    return Promise.all(Array.from({ length: RIVALS }, (_, no) => file(rival(no), no)));
  }

  async function read<T>(path: string): Promise<T> {
    const token = installation.tokenOf(REGULATOR);
    const reply = await caller.call(installation.apis[0]!, { method: 'GET', path, token });
    if (reply?.status !== 200) throw new Error(`${path}: ${reply?.status ?? 'no answer'}`);
    return reply.body as T;
  }

  async function listed(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for (let path: string | null = '/v1/declarations?limit=500'; path !== null;) {
      const token = installation.tokenOf(REGULATOR);
      const reply: Reply | null = await caller.call(installation.apis[0]!, { method: 'GET', path, token });
      if (reply?.status !== 200) throw new Error(`${path}: ${reply?.status ?? 'no answer'}`);
      const { declarations } = reply.body as { declarations: FiledView[] };
      found.push(...declarations.map(({ reference }) => reference));
      path = reply.next;
    }
    return found.filter((reference) => reference.startsWith(prefix)).sort();
  }

  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

  it('all get the same answer, and one declaration is there, when filing under the same idempotency key', async function () {
    this.timeout(600_000);
    for (const round of rounds) {
      const reference = `KEY-${round}`;
      const replies = await all(() => ({
        org: 1,
        reference,
        key: `key-${round}`,
        serial: `NT-${reference}-D`,
      }));
      expect(counted(replies.map(({ status }) => String(status)))).to.deep.equal({ 201: RIVALS });
      expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).to.equal(1);
      expect(replies.filter(({ replayed }) => !replayed).length).to.be.at.most(1);
    }
    expect(await listed('KEY-')).to.deep.equal(rounds.map((round) => `KEY-${round}`).sort());
  });

  it('are one winner and losers who are told, when filing under the same reference', async function () {
    this.timeout(600_000);
    for (const round of rounds) {
      const reference = `REF-${round}`;
      const replies = await all((no) => ({
        org: 1,
        reference,
        key: `ref-${round}-${no}`,
        serial: `NT-${reference}-${no}`,
      }));
      const outcomes = replies.map(({ status, body }) =>
        status === 201 ? 'filed' : (body as ProblemView).code,
      );
      expect(counted(outcomes)).to.deep.equal({ filed: 1, 'reference-taken': RIVALS - 1 });
    }
    expect(await listed('REF-')).to.deep.equal(rounds.map((round) => `REF-${round}`).sort());
  });

  it('have all their claims on one item in its history, once, when filing the same serial', async function () {
    this.timeout(900_000);
    for (const round of rounds) {
      const serial = `NT-SAME-${round}-D`;
      const replies = await all((no) => ({
        org: no + 1,
        reference: `SAME-${round}`,
        key: `same-${round}`,
        serial,
      }));
      expect(counted(replies.map(({ status }) => String(status)))).to.deep.equal({ 201: RIVALS });
      const filed = replies.map(({ body }) => body as FiledView);
      const items = new Set(filed.map(({ items: [item] }) => item!.itemId));
      expect(items.size).to.equal(1);
      const [itemId] = items;
      // Where rivals were in each other's way the relay brings the rest in.
      const events = await until(async () => {
        const history = await read<{ events: ItemEvent[] }>(`/v1/items/${itemId}/history?limit=500`);
        const declared = history.events.filter(({ type }) => type === 'declared');
        return declared.length < RIVALS ? null : history.events;
      });
      expect(events.map(({ seq }) => seq)).to.deep.equal(events.map((_, index) => index + 1));
      expect(events[0]?.type).to.equal('registered');
      const declared = events
        .filter(({ type }) => type === 'declared')
        .map(({ declarationId }) => declarationId);
      expect(declared.toSorted()).to.deep.equal(filed.map(({ id }) => id).sort());
      expect(new Set(events.map(({ eventId }) => eventId)).size).to.equal(events.length);
    }
  });
});
