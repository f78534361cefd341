import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { App, LookupView } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, OFFICER, REGULATOR } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';

/** The steps of `docs/operations.md`, on an SQLite register that moves to the engine. */
overEngines('a registry that moves', function (engine) {
  this.timeout(180_000);

  async function migrate(from: string, to: Readonly<Record<string, string>>) {
    const target = to['DATABASE_URL'] === undefined ? 'env:DATA_DIR' : 'env:DATABASE_URL';
    const args = ['--import=tsx', 'scripts/migrate-store.ts', '--from', from, '--to', target, '--json'];
    const env = { PATH: process.env['PATH'], ...to };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { code: child.exitCode, ...(JSON.parse(said) as { copied: number }) };
  }

  it('goes on answering, and nothing that it answered or acknowledged is lost', async () => {
    const oldHome = { DATA_DIR: temporaryFolder() };
    let old: App = await startApp(oldHome);
    const filed = await Promise.all(
      Array.from({ length: 20 }, (_, no) => old.file(dieFiling(`MOVE-${no}`), EXPORTER, `k-${no}`)),
    );
    await old.checked(filed[0]?.id ?? '');
    await old.closeAndKeep();
    const place = await engine.prepare();
    const newHome = { DATA_DIR: temporaryFolder(), ...place.environment };

    old = await startApp({ ...oldHome, READ_ONLY: 'true' });
    const answered: string[] = [];
    const prober = new AbortController();
    const probing = (async () => {
      while (!prober.signal.aborted) {
        const { status, body } = await old.get<LookupView>('/v1/lookup?serial=NT-MOVE-1-D', OFFICER);
        expect([status, body.matches.length]).to.deep.equal([200, 1]);
        answered.push(body.lookupId);
      }
    })();
    const first = await migrate(oldHome.DATA_DIR, newHome);
    prober.abort();
    await probing;
    // Look-ups were logged after the copy had begun, so that it lacks some and says so.
    expect(first.code).to.equal(1);
    await old.closeAndKeep();

    const last = await migrate(oldHome.DATA_DIR, newHome);
    expect(last.code).to.equal(0);
    expect(last.copied)
      .to.be.above(0)
      .and.below(first.copied + answered.length);
    const moved = await startApp(newHome);
    const log = await moved.pages<{ lookups: { lookupId: string }[] }>('/v1/lookup-log', REGULATOR);
    const logged = log.flatMap(({ lookups }) => lookups.map(({ lookupId }) => lookupId));
    expect(logged).to.have.members(answered);
    for (const [no, each] of filed.entries()) {
      expect(await moved.file(dieFiling(`MOVE-${no}`), EXPORTER, `k-${no}`)).to.deep.equal(each);
      expect((await moved.checked(each.id)).status).to.equal('verified');
    }
    await moved.checked((await moved.file(dieFiling('AFTER'))).id);
    await moved.closeAndKeep();
    await place.clean();
    removeFolders();
  });
});
