import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/main/clock.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { App, LookupView, ProblemView } from '../support/app.ts';
import { OPERATOR, startApp, until } from '../support/app.ts';
import { declarationWith, EXPORTER, OFFICER, REGULATOR } from '../support/declarations.ts';
import type { Place } from '../support/engines.ts';
import { overEngines } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';
import { failToStart } from '../support/process.ts';
import { everyRoute, SAMPLES } from '../support/routes.ts';

/** Longer than two rounds of the relay, which begins with one at once. */
const TWO_ROUNDS_MS = 2_500;
/** What a registry that only answers goes on doing, besides every GET. */
const ANSWERED = ['lookUpMany'];
const WHO = { exporter: EXPORTER, customs: OFFICER, regulator: REGULATOR, operator: OPERATOR };

overEngines('a registry that only answers', function (engine) {
  this.timeout(120_000);
  let place: Place;
  let environment: Readonly<Record<string, string>>;
  let app: App;
  let filed: { id: string; itemId: string; importId: string; runId: string };
  /** One that was filed, and then the process ended: neither were its events recorded nor was it checked. */
  const waiting = declarationWith(1, { reference: 'WAITING', dueAt: '2020-01-01T00:00:00.000Z' });

  async function stored<T>(use: (stores: Stores) => Promise<T>): Promise<T> {
    const url = environment['DATABASE_URL'];
    const stores =
      url === undefined
        ? openSqliteStores(join(environment['DATA_DIR'] ?? '', 'registry.sqlite'), 'reg_test')
        : await openMongoStores({ url, clock: systemClock() }, 'reg_test');
    try {
      return await use(stores);
    } finally {
      await stores.close();
    }
  }

  before(async () => {
    place = await engine.prepare();
    environment = { DATA_DIR: temporaryFolder(), ...place.environment };
    const first = await startApp(environment);
    const { id, items } = await first.file(dieFiling('BEFORE'), EXPORTER, 'k-before');
    await first.checked(id);
    const sent = await first.call<{ id: string }>('POST', '/v1/imports', {
      as: EXPORTER,
      raw: '{}\n',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const run = await first.post<{ id: string }>('/v1/audit-runs', REGULATOR, {
      report: 'several-exporters',
    });
    filed = { id, itemId: items[0]?.itemId ?? '', importId: sent.body.id, runId: run.body.id };
    await first.closeAndKeep();
    await stored(({ declarations }) => declarations.insert(waiting));
    app = await startApp({ ...environment, READ_ONLY: 'true' });
  });
  after(async () => {
    await app.closeAndKeep();
    await place.clean();
    removeFolders();
  });

  for (const { operationId, method, path, action } of everyRoute()) {
    if (action === 'public') continue;
    const isAnswered = method === 'get' || ANSWERED.includes(operationId);
    it(`${isAnswered ? 'answers' : 'refuses'} ${method.toUpperCase()} ${path}`, async () => {
      const own = {
        '/v1/items/': filed.itemId,
        '/v1/imports/': filed.importId,
        '/v1/audit-runs/': filed.runId,
      };
      const [, id = filed.id] = Object.entries(own).find(([start]) => path.startsWith(start)) ?? [];
      const { body, raw, query } = SAMPLES[operationId] ?? {};
      const address = `${path.replace('{id}', id)}?${new URLSearchParams(query).toString()}`;
      const codes = new Set<number>();
      for (const as of Object.values(WHO)) {
        const answer = await app.call<ProblemView>(method.toUpperCase(), address, {
          as,
          ...(body === undefined ? {} : { json: body }),
          ...(raw === undefined ? {} : { raw, headers: { 'content-type': 'application/x-ndjson' } }),
        });
        codes.add(answer.status);
        if (answer.status !== 503) continue;
        expect(answer.body.code).to.equal('read-only');
        expect(Number(answer.headers.get('retry-after'))).to.be.above(0);
      }
      // The roles that may not do it at all are told so.
      codes.delete(403);
      expect([...codes]).to.deep.equal([isAnswered ? 200 : 503]);
    });
  }

  it('refuses a filing that it knows, and one that is wrong, and keeps neither', async () => {
    const again = await app.post<ProblemView>('/v1/declarations', EXPORTER, dieFiling('BEFORE'), 'k-before');
    const wrong = await app.post<ProblemView>('/v1/declarations', EXPORTER, { reference: 'WRONG' });
    for (const { status, body } of [again, wrong])
      expect([status, body.code]).to.deep.equal([503, 'read-only']);
    const { body } = await app.get<{ refusedFilings: unknown[] }>('/v1/refused-filings', REGULATOR);
    expect(body.refusedFilings).to.deep.equal([]);
  });

  it('logs every look-up before it answers', async () => {
    const { body } = await app.get<LookupView>('/v1/lookup?serial=NT-BEFORE-D', OFFICER);
    expect(body.matches.map(({ item }) => item.itemId)).to.deep.equal([filed.itemId]);
    const log = await app.pages<{ lookups: { lookupId: string }[] }>('/v1/lookup-log', REGULATOR);
    const ids = log.flatMap(({ lookups }) => lookups.map(({ lookupId }) => lookupId));
    expect(ids).to.include(body.lookupId);
  });

  it('says what it does, and is ready', async () => {
    const { status, body } = await app.get<{ status: string; checks: object }>('/readyz');
    expect(status).to.equal(200);
    expect(body.status).to.equal('degraded');
    expect(body.checks).to.include({ filing: 'refused: the registry only answers' });
  });

  it('has no board, on which operators would change the queue', async () => {
    expect((await app.get('/queues', OPERATOR)).status).to.equal(404);
  });

  it('leaves what was begun as it is, which a registry that works takes up', async () => {
    const from = performance.now();
    await until(async () => {
      await app.get('/v1/lookup?serial=NT-BEFORE-D', OFFICER);
      return performance.now() - from > TWO_ROUNDS_MS ? true : null;
    });
    await app.closeAndKeep();
    expect(await stored(({ declarations }) => declarations.find(waiting.id))).to.deep.equal(waiting);
    const working = await startApp(environment);
    const { status } = await working.checked(waiting.id, OFFICER);
    expect(status).not.to.equal('filed');
    await working.closeAndKeep();
    app = await startApp({ ...environment, READ_ONLY: 'true' });
  });
});

describe('a registry that should only answer', () => {
  after(removeFolders);

  it('does not start on a setting that is neither true nor false', async () => {
    const { code, said } = await failToStart({ DATA_DIR: temporaryFolder(), READ_ONLY: 'perhaps' });
    expect([code, said]).to.deep.equal([
      3,
      'The environment is not usable: READ_ONLY must be one of true, false.\n',
    ]);
  });
});
