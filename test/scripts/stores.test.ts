import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { openSqliteStores } from '../../src/main/stores.ts';
import { declarationWith } from '../support/declarations.ts';
import type { Engine } from '../support/engines.ts';
import { overEngines } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { fillStores, itemRecord, lookupWith } from '../support/records.ts';
import { until } from '../support/app.ts';

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
type Script = 'migrate-store' | 'backup-store' | 'restore-store' | 'compare-stores';

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Outcome {
  readonly equal: boolean;
  readonly copied?: number;
  readonly kinds: readonly { kind: string; different: number; first: { count: number; digest: string } }[];
}

function start(script: Script, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [`--import=${TSX}`, join(SCRIPTS, `${script}.ts`), ...args], {
    cwd: temporaryFolder(),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(script: Script, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(script, args, env);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr } satisfies Result;
}

/** Runs it with `--json` and expects nothing on standard error. */
async function outcome(script: Script, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(script, [...args, '--json'], env);
  expect(stderr).to.equal('');
  return { code, ...(JSON.parse(stdout) as Outcome) };
}

/** A folder with a register of a few records. */
async function registerFolder(items = 0): Promise<string> {
  const folder = temporaryFolder();
  const stores = openSqliteStores(join(folder, 'registry.sqlite'), 'reg_old');
  await fillStores(stores);
  const many = Array.from({ length: items }, (_, no) => itemRecord(`MANY-${no}-31`, 4));
  await stores.register.adopt(many);
  await stores.close();
  return folder;
}

async function changed(
  folder: string,
  change: (stores: ReturnType<typeof openSqliteStores>) => Promise<unknown>,
) {
  const stores = openSqliteStores(join(folder, 'registry.sqlite'), 'reg_unused');
  await change(stores);
  await stores.close();
}

/** How many items a store holds, also one that is being filled, or isn't there yet. */
function countArrived(env: Readonly<Record<string, string>>) {
  const url = env['DATABASE_URL'];
  if (url === undefined) {
    const file = join(env['DATA_DIR'] ?? '', 'registry.sqlite');
    const count = (): number => {
      try {
        const db = new Database(file, { readonly: true });
        const found = db.prepare('SELECT COUNT(*) FROM items').pluck().get() as number;
        db.close();
        return found;
      } catch {
        return 0; // the file or the table is not there yet
      }
    };
    return { items: async () => count(), close: async () => undefined };
  }
  const connection = mongoose.createConnection(url);
  return {
    items: () => connection.collection('items').countDocuments(),
    close: () => connection.destroy(),
  };
}

overEngines('the scripts that move a register', function (engine: Engine) {
  this.timeout(120_000);
  let place: Awaited<ReturnType<Engine['prepare']>>;
  let to: string;
  let env: Readonly<Record<string, string>>;

  beforeEach(async () => {
    place = await engine.prepare();
    env = { DATA_DIR: temporaryFolder(), ...place.environment };
    to = place.environment['DATABASE_URL'] === undefined ? 'env:DATA_DIR' : 'env:DATABASE_URL';
  });
  afterEach(async () => {
    await place.clean();
    removeFolders();
  });

  it('copy it there and back, and find it equal; again, they change nothing', async () => {
    const from = await registerFolder();
    const there = await outcome('migrate-store', ['--from', from, '--to', to], env);
    expect([there.code, there.equal, there.copied]).to.deep.equal([0, true, 60]);
    const again = await outcome('migrate-store', ['--from', from, '--to', to], env);
    expect([again.code, again.copied]).to.deep.equal([0, 0]);
    expect(again.kinds).to.deep.equal(there.kinds);
    const back = temporaryFolder();
    const returned = await outcome('migrate-store', ['--from', to, '--to', back], env);
    expect([returned.code, returned.equal, returned.copied]).to.deep.equal([0, true, 60]);
    const compared = await outcome('compare-stores', [from, back]);
    expect([compared.code, compared.kinds]).to.deep.equal([0, there.kinds]);
  });

  it('go on where a copy was killed', async () => {
    const from = await registerFolder(6_000);
    const child = start('migrate-store', ['--from', from, '--to', to], env);
    const arrived = countArrived(env);
    await until(async () => ((await arrived.items()) > 0 ? true : null), 5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await arrived.close();
    expect(child.signalCode).to.equal('SIGKILL');
    const resumed = await outcome('migrate-store', ['--from', from, '--to', to], env);
    expect([resumed.code, resumed.equal]).to.deep.equal([0, true]);
    expect(resumed.kinds.map(({ first }) => first.count)).to.deep.equal([3, 6_040, 2, 5, 2, 3, 2, 3]);
    expect(resumed.copied)
      .to.be.above(0)
      .and.below(6_060 - 3);
  });

  it('back it up and restore it, by the settings alone', async () => {
    const from = await registerFolder();
    await outcome('migrate-store', ['--from', from, '--to', to], env);
    const archive = join(temporaryFolder(), 'archive');
    const written = await run('backup-store', ['--to', archive], env);
    expect([written.code, written.stderr]).to.deep.equal([0, '']);
    expect(written.stdout).to.match(/^declarations +3 .*\nitems +40 .*\n[^]*Wrote 40 items in .* s/);
    const other = await engine.prepare();
    const otherEnv = { DATA_DIR: temporaryFolder(), ...other.environment };
    const restored = await outcome('restore-store', ['--from', archive], otherEnv);
    expect([restored.code, restored.equal, restored.copied]).to.deep.equal([0, true, 60]);
    expect((await outcome('compare-stores', [archive, from])).code).to.equal(0);
    await other.clean();
  });

  it('refuse a target that holds another register', async () => {
    await outcome('migrate-store', ['--from', await registerFolder(), '--to', to], env);
    const other = temporaryFolder();
    const stores = openSqliteStores(join(other, 'registry.sqlite'), 'reg_other');
    await stores.close();
    const refused = await run('migrate-store', ['--from', other, '--to', to], env);
    expect([refused.code, refused.stdout]).to.deep.equal([3, '']);
    expect(refused.stderr).to.match(/holds another register; a copy needs a new place\.\n$/);
  });
});

describe('the scripts that copy and compare registers', function () {
  this.timeout(120_000);
  afterEach(removeFolders);

  it('name what differs, and exit with 1', async () => {
    const [one, other] = [await registerFolder(), temporaryFolder()];
    await outcome('migrate-store', ['--from', one, '--to', other]);
    await changed(other, async ({ lookupLog }) => lookupLog.add(lookupWith(8)));
    await changed(one, async ({ declarations }) => {
      await declarations.replace(declarationWith(2), declarationWith(2, { version: 2 }));
      await declarations.insert(declarationWith(9));
    });
    const { code, stdout, stderr } = await run('compare-stores', [one, other]);
    expect([code, stderr]).to.deep.equal([1, '']);
    expect(stdout).to.include('declarations: dcl_0002 is not the same in both\n');
    expect(stdout).to.include('declarations: dcl_0009 is only in the first\n');
    expect(stdout).to.match(/look-ups: \S+ lkp_000008 is only in the second\n/);
    expect(stdout).to.match(/They differ\.\n$/);
  });

  it('find an old archive unequal to a register that went on', async () => {
    const folder = await registerFolder();
    const archive = join(temporaryFolder(), 'archive');
    expect((await run('backup-store', ['--from', folder, '--to', archive])).code).to.equal(0);
    await changed(folder, ({ register }) => register.adopt([itemRecord('LATER-1', 3)]));
    const { code, kinds } = await outcome('compare-stores', [archive, folder]);
    expect([code, kinds.map(({ different }) => different)]).to.deep.equal([1, [0, 1, 0, 0, 0, 0, 0, 0]]);
  });

  it('bring what came later, as long as no registry has worked on the copy', async () => {
    const [from, to] = [await registerFolder(), temporaryFolder()];
    await outcome('migrate-store', ['--from', from, '--to', to]);
    await changed(from, ({ lookupLog }) => lookupLog.add(lookupWith(8)));
    const again = await outcome('migrate-store', ['--from', from, '--to', to]);
    expect([again.code, again.copied]).to.deep.equal([0, 1]);
    await changed(to, async () => undefined);
    const { code, stderr } = await run('migrate-store', ['--from', from, '--to', to]);
    expect([code, stderr]).to.deep.equal([
      3,
      `A registry has worked on the store in ${join(to, 'registry.sqlite')}; a copy needs a new place.\n`,
    ]);
  });

  it('copy a register that is at work as it is at one moment, and say when it went on', async () => {
    const from = await registerFolder(1_000);
    const stores = openSqliteStores(join(from, 'registry.sqlite'), 'reg_unused');
    const to = temporaryFolder();
    const child = start('migrate-store', ['--from', from, '--to', to, '--json'], {});
    const said = text(child.stdout!);
    let no = 100;
    while (child.exitCode === null) {
      await stores.lookupLog.add(lookupWith(no));
      no += 1;
    }
    const { equal, kinds } = JSON.parse(await said) as Outcome;
    expect([child.exitCode, equal]).to.deep.equal([1, false]);
    expect(kinds.map(({ different }) => different > 0)).to.deep.equal([
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    await stores.close();
    const again = await outcome('migrate-store', ['--from', from, '--to', to]);
    expect([again.code, again.equal]).to.deep.equal([0, true]);
    expect(again.kinds[3]?.first.count).to.equal(5 + no - 100);
  });

  it('keep the id of the register, so that its Redis knows it', async () => {
    const to = temporaryFolder();
    await outcome('migrate-store', ['--from', await registerFolder(), '--to', to]);
    const stores = openSqliteStores(join(to, 'registry.sqlite'), 'reg_unused');
    expect(stores.registerId).to.equal('reg_old');
    await stores.close();
  });

  it('refuse a damaged archive, naming the file, and write nothing', async () => {
    const archive = join(temporaryFolder(), 'archive');
    await run('backup-store', ['--from', await registerFolder(), '--to', archive]);
    const file = join(archive, 'declarations.ndjson.gz');
    const bytes = readFileSync(file);
    bytes[20] = (bytes[20] ?? 0) ^ 255;
    writeFileSync(file, bytes);
    const to = join(temporaryFolder(), 'data');
    const { code, stdout, stderr } = await run('restore-store', ['--from', archive, '--to', to]);
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).to.equal(`The file ${file} is damaged: it is not what manifest.json says.\n`);
    expect(existsSync(to)).to.equal(false);
  });

  it('refuse an archive that was not completed', async () => {
    const { code, stderr } = await run('restore-store', [
      '--from',
      temporaryFolder(),
      '--to',
      temporaryFolder(),
    ]);
    expect(code).to.equal(3);
    expect(stderr).to.match(/^The folder .+ holds no complete archive\.\n$/);
  });

  it('write no archive over another one', async () => {
    const from = await registerFolder();
    const archive = join(temporaryFolder(), 'archive');
    expect((await run('backup-store', ['--from', from, '--to', archive])).code).to.equal(0);
    const { code, stderr } = await run('backup-store', ['--from', from, '--to', archive]);
    expect([code, stderr]).to.deep.equal([3, `The folder ${archive} holds an archive already.\n`]);
  });

  it('read a register that another process holds', async () => {
    const from = await registerFolder();
    const lock = new Database(join(from, 'lock.sqlite'));
    lock.exec('BEGIN EXCLUSIVE');
    const archive = join(temporaryFolder(), 'archive');
    expect((await run('backup-store', ['--from', from, '--to', archive])).code).to.equal(0);
    const { code, stderr } = await run('restore-store', ['--from', archive, '--to', from]);
    expect([code, stderr]).to.deep.equal([3, `The data folder ${from} is in use by another process.\n`]);
    lock.close();
  });

  it('never print a password', async () => {
    const env = { DB: 'mongodb://someone:s3cret@127.0.0.1:1/registry?serverSelectionTimeoutMS=200' };
    for (const place of ['env:DB', env.DB]) {
      const { code, stdout, stderr } = await run('compare-stores', [place, place], env);
      expect(code).to.equal(3);
      expect(stdout + stderr).not.to.include('s3cret');
      expect(stderr.includes('lists processes')).to.equal(place === env.DB);
    }
  });

  const wrong: [Script, ...string[]][] = [
    ['migrate-store', '--from', 'a'],
    ['migrate-store', '--to', 'a'],
    ['migrate-store', '--from', 'a', '--to', 'b', 'surplus'],
    ['backup-store'],
    ['backup-store', '--to', 'a', '--colour', 'red'],
    ['restore-store', '--to', 'a'],
    ['compare-stores', 'a'],
    ['compare-stores', 'a', 'b', 'c'],
  ];
  for (const [script, ...args] of wrong) {
    it(`exit with 2 for ${[script, ...args].join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(script, args);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(/^error: /);
    });
  }

  for (const script of ['migrate-store', 'backup-store', 'restore-store', 'compare-stores'] as const) {
    it(`explain ${script} with an example`, async () => {
      const { code, stdout } = await run(script, ['--help']);
      expect(code).to.equal(0);
      expect(stdout).to.include(`npm run ${script} -- `);
    });
  }
});
