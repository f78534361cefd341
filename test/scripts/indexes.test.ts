import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { systemClock } from '../../src/main/clock.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import type { TestDatabase } from '../support/mongo-server.ts';
import { createDatabase, MONGO_SOURCE } from '../support/mongo-server.ts';
import { fillStores } from '../support/records.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/indexes.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Runs `npm run indexes` as a user would. */
async function run(env: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
    cwd: temporaryFolder(),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

describe('scripts/indexes', () => {
  after(removeFolders);

  it('exits 3 with one sentence where there is no MongoDB to build them in', async () => {
    const { code, stdout, stderr } = await run({});
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).to.match(/^DATABASE_URL is not set: .+\.\n$/);
  });

  it('exits 3 with one sentence, without the address, where the MongoDB cannot be used', async () => {
    const { code, stdout, stderr } = await run({ DATABASE_URL: 'mongodb://registry:hunter2@/registry' });
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).to.equal('DATABASE_URL is no address that MongoDB understands.\n');
  });

  it('exits 2 for what it does not know, and explains itself with an example', async () => {
    expect((await run({}, '--colour', 'red')).code).to.equal(2);
    expect((await run({}, 'surplus')).code).to.equal(2);
    const help = await run({}, '--help');
    expect(help.code).to.equal(0);
    expect(help.stdout).to.match(/Example:\n {2}DATABASE_URL=\S+ npm run indexes/);
  });
});

(MONGO_SOURCE === null ? describe.skip : describe)('scripts/indexes on MongoDB', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(false);
  });
  afterEach(() => database.drop());
  after(removeFolders);

  const build = () => run({ DATABASE_URL: database.url });
  const collection = (name: string) => database.connection.collection(name);
  async function indexes(): Promise<Record<string, unknown>> {
    const found = (await database.connection.db?.listCollections().toArray()) ?? [];
    const entries = found.map(async ({ name }) => [name, await collection(name).listIndexes().toArray()]);
    return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
  }
  const open = () => openMongoStores({ url: database.url, clock: systemClock() }, 'reg_test');
  async function refusal(): Promise<string> {
    try {
      await (await open()).close();
      return 'started';
    } catch (error) {
      return (error as Error).message;
    }
  }

  it('lets a registry start that refused without them, and changes nothing the second time', async () => {
    expect(await refusal()).to.match(
      /^The store lacks indexes; run "npm run indexes": .*declarations\.declarations_by_key is missing/,
    );
    const first = await build();
    expect([first.code, first.stderr]).to.deep.equal([0, '']);
    expect(first.stdout).to.match(/All \d+ indexes are there\.\n$/);
    const built = await indexes();
    expect(await refusal()).to.equal('started');
    expect((await build()).code).to.equal(0);
    for (const [name, before] of Object.entries(built)) expect((await indexes())[name]).to.deep.equal(before);
  });

  it('builds the ones that a filled register lacks, while it is in use', async () => {
    await build();
    const stores = await open();
    try {
      await fillStores(stores);
      const whole = await indexes();
      await collection('declarations').dropIndex('declarations_by_reference');
      expect(await refusal()).to.equal(
        'The store lacks indexes; run "npm run indexes": declarations.declarations_by_reference is missing.',
      );
      expect((await build()).code).to.equal(0);
      const names = (of: unknown) => (of as { name: string }[]).map(({ name }) => name).sort();
      expect(names((await indexes())['declarations'])).to.deep.equal(names(whole['declarations']));
    } finally {
      await stores.close();
    }
  });

  it('leaves alone one of another form under its name, and names what is wrong with it', async () => {
    const planned = async (keys: Record<string, 1>, options: object) => {
      await collection('declarations').dropIndex('declarations_by_reference');
      await collection('declarations').createIndex(keys, { name: 'declarations_by_reference', ...options });
      const { code, stderr } = await build();
      expect(code).to.equal(3);
      expect(await refusal()).to.equal(stderr.trimEnd());
      return stderr;
    };
    await build();
    const fault = 'The store lacks indexes; run "npm run indexes": declarations.declarations_by_reference';
    expect(await planned({ reference: 1 }, { unique: true })).to.equal(`${fault} has other fields.\n`);
    expect(await planned({ org: 1, reference: 1 }, {})).to.equal(`${fault} is not unique.\n`);
    const partial = { unique: true, partialFilterExpression: { reference: { $exists: true } } };
    expect(await planned({ org: 1, reference: 1 }, partial)).to.equal(`${fault} covers other records.\n`);
  });

  it('names those that cannot be built over the records that are there', async () => {
    const twice = [1, 2].map((no) => ({ _id: no as never, org: 'acme', reference: 'R-1' }));
    await collection('declarations').insertMany(twice);
    const { code, stderr } = await build();
    expect(code).to.equal(3);
    expect(stderr).to.match(
      /^The indexes .*declarations_by_reference.* of declarations cannot be built: .+\.\n$/,
    );
    expect(await collection('declarations').countDocuments()).to.equal(2);
  });
});
