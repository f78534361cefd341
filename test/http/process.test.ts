import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { App, FiledView } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, OFFICER } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';
import { failToStart, startProcess } from '../support/process.ts';

overEngines('the registry as a process that is killed', function (engine) {
  this.timeout(120_000);
  after(removeFolders);

  it('has every filing it acknowledged after kill -9, and verifies it', async () => {
    const { environment, clean } = await engine.prepare();
    const dataDir = temporaryFolder();
    const first = await startProcess(dataDir, environment);
    const acknowledged: FiledView[] = [];
    const total = 60;
    let killed: Promise<unknown> | undefined;
    const filings = Array.from({ length: total }, async (_, no) => {
      const answer = await first.post<FiledView>(
        '/v1/declarations',
        EXPORTER,
        dieFiling(`K-${no}`),
        `k-${no}`,
      );
      if (answer.status === 201) acknowledged.push(answer.body);
      if (acknowledged.length === 20) killed ??= first.end('SIGKILL');
    });
    await Promise.allSettled(filings);
    await killed;
    expect(acknowledged.length).to.be.at.least(20);

    const second = await startProcess(dataDir, environment);
    for (const filed of acknowledged) {
      const { id, reference } = filed;
      const again = await second.file(dieFiling(reference), EXPORTER, `k-${reference.slice(2)}`);
      expect(again).to.deep.equal(filed);
      expect((await second.checked(id, OFFICER)).status).to.equal('verified');
    }
    // What was not acknowledged can be sent again: it counts once, whether it had been stored or not.
    for (let no = 0; no < total; no += 1) await second.file(dieFiling(`K-${no}`), EXPORTER, `k-${no}`);
    const pages = await second.pages<{ declarations: unknown[] }>('/v1/declarations?limit=500', EXPORTER);
    expect(pages.flatMap(({ declarations }) => declarations)).to.have.length(total);
    expect(await second.end('SIGTERM')).to.equal(0);
    await clean();
  });
});

describe('the registry as a process', function () {
  this.timeout(120_000);
  after(removeFolders);

  it('serves for as long as its grace lasts after it was told to stop, and says that it is not ready', async () => {
    const running = await startProcess(temporaryFolder(), { SHUTDOWN_GRACE_MS: '300000' });
    expect((await running.get('/readyz')).status).to.equal(200);
    const ended = running.end('SIGTERM');
    while ((await running.get('/readyz')).status === 200);
    expect((await running.get('/readyz')).body).to.include({ status: 'draining' });
    const filed = await running.post('/v1/declarations', EXPORTER, dieFiling('G-1'), 'g-1');
    expect([filed.status, filed.headers.get('connection')]).to.deep.equal([201, 'close']);
    await Promise.all([running.end('SIGKILL'), ended]);
  });

  describe('that cannot start', () => {
    let app: App;

    before(async () => {
      app = await startApp();
    });
    after(() => app.close());

    async function expectSentence(environment: Record<string, string>, expected: RegExp): Promise<void> {
      const { code, said } = await failToStart({ DATA_DIR: temporaryFolder(), ...environment });
      expect(said.trimEnd()).to.match(expected);
      expect(said.trimEnd().split('\n')).to.have.length(1);
      expect(code).to.equal(3);
    }

    it('says that the port is in use', () =>
      expectSentence(
        { PORT: String(app.port) },
        new RegExp(`^The port ${app.port} is in use by another program\\.$`),
      ));

    it('says that the data folder is in use', () =>
      expectSentence({ DATA_DIR: app.dataDir }, /^The data folder .+ is in use by another process\.$/));

    it('says that the data were written by a newer version', async () => {
      const dataDir = temporaryFolder();
      const running = await startApp({ DATA_DIR: dataDir });
      await running.closeAndKeep();
      const db = new Database(join(dataDir, 'registry.sqlite'));
      db.pragma('user_version = 999');
      db.close();
      await expectSentence(
        { DATA_DIR: dataDir },
        /^The file .+ was written by a newer version of .+999.+\.$/,
      );
    });

    it('says that the data are not its own', async () => {
      const dataDir = temporaryFolder();
      mkdirSync(dataDir, { recursive: true });
      const db = new Database(join(dataDir, 'registry.sqlite'));
      db.exec('CREATE TABLE other (id)');
      db.close();
      await expectSentence({ DATA_DIR: dataDir }, /^The file .+ is no store of pill-press-registry\.$/);
    });

    it('says that the keys are not there', async () => {
      const missing = join(temporaryFolder(), 'jwks.json');
      await expectSentence({ JWT_JWKS: missing }, /^[A-Z].+jwks\.json.+\.$/);
    });

    it('says that there is no such Redis program, or no Redis', async () => {
      await expectSentence({ REDIS_SERVER: '/nowhere/redis-server' }, /^The program .+ did not start: .+\.$/);
      await expectSentence({ REDIS_URL: 'redis://127.0.0.1:1' }, /^Redis cannot be reached: .+\.$/);
    });

    it('names every setting that is wrong, and no value', async () => {
      const wrong = { PORT: '99999999', LOG_LEVEL: 'chatty-secret', NODE_ENV: 'production' };
      await expectSentence(
        wrong,
        /^The environment is not usable: (?=.*PORT)(?=.*LOG_LEVEL)(?=.*JWT_JWKS)(?!.*secret).+\.$/,
      );
    });
  });
});
