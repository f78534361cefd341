import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { Command } from 'commander';
import mongoose from 'mongoose';
import { systemRandom } from '../../src/main/clock.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import { createRegisterService } from '../../src/modules/register/index.ts';
import { runCommand } from '../terminal/shell.ts';
import { whole } from './command.ts';
import { fillRegister } from './fill.ts';
import { mongoOthers, otherTable, sqliteOthers } from './size-of-others.ts';
import { mongoPlace } from './mongo-place.ts';
import { freshDataDir } from './product.ts';
import { count, measuredWith, say } from './report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ITEMS = 20_000;
const SAMPLE = 1_000;

/** A part of a store, with what it takes for so many items and events. */
interface Part {
  readonly store: string;
  readonly part: string;
  readonly bytes: number;
  readonly items: number;
  readonly events: number;
}

const command = new Command('size')
  .description(
    'Fills SQLite and the MongoDB of DATABASE_URL with the same items and prints what they take. Progress goes to standard error.',
  )
  .option('--items <count>', 'how many items', whole, ITEMS)
  .allowExcessArguments(false)
  .exitOverride();

async function sqliteParts(wanted: number): Promise<Part[]> {
  const folder = freshDataDir(ROOT);
  const file = join(folder, 'registry.sqlite');
  try {
    const random = systemRandom();
    const stores = openSqliteStores(file, random.nonce());
    const register = createRegisterService({ store: stores.register, random });
    const items = await fillRegister(register, wanted, () => undefined);
    await stores.close();
    const db = new Database(file, { readonly: true });
    try {
      const events = db.prepare('SELECT COUNT(*) FROM item_events').pluck().get() as number;
      const all = (db.pragma('page_count', { simple: true }) as number) * pageSizeOf(db);
      const part = (name: string, bytes: number): Part => ({
        store: 'SQLite',
        part: name,
        bytes,
        items,
        events,
      });
      return [part('file', all), ...tablesOf(db).map(({ name, bytes }) => part(name, bytes))];
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pageSizeOf(db: Database.Database): number {
  return db.pragma('page_size', { simple: true }) as number;
}

/** The largest tables and indexes; none where SQLite was built without `dbstat`. */
function tablesOf(db: Database.Database): { name: string; bytes: number }[] {
  try {
    return db
      .prepare<[], { name: string; bytes: number }>(
        `SELECT s.name || ' (' || COALESCE(m.type, 'table') || ')' AS name, SUM(s.pgsize) AS bytes
         FROM dbstat s LEFT JOIN sqlite_schema m ON m.name = s.name
         GROUP BY s.name HAVING bytes > 100000 ORDER BY bytes DESC`,
      )
      .all();
  } catch (error) {
    say(`no figures for single tables: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

async function mongoParts(wanted: number): Promise<Part[]> {
  const place = await mongoPlace(wanted);
  const connection = await mongoose.createConnection(place.env['DATABASE_URL'] ?? '').asPromise();
  try {
    const { db } = connection;
    if (db === undefined) throw new Error('the connection to the store is not open');
    const collection = db.collection('items');
    const items = await collection.countDocuments({});
    const sizes = { bare: 0, events: 0, count: 0, seen: 0 };
    const { calculateObjectSize } = mongoose.mongo.BSON;
    for await (const { events, ...rest } of collection.find({}).limit(SAMPLE)) {
      const all = events as Record<string, unknown>[];
      sizes.bare += calculateObjectSize(rest);
      sizes.events += all.reduce((sum, event) => sum + calculateObjectSize(event), 0);
      sizes.count += all.length;
      sizes.seen += 1;
    }
    const events = Math.round((sizes.count / sizes.seen) * items);
    const part = (name: string, bytes: number): Part => ({
      store: 'MongoDB',
      part: name,
      bytes,
      items,
      events,
    });
    const logical = [
      part('items without events, as BSON', (sizes.bare / sizes.seen) * items),
      part('events, as BSON', (sizes.events / sizes.seen) * items),
    ];
    return [...logical, ...(await statsOf(db)).map(([name, bytes]) => part(name, bytes))];
  } finally {
    await connection.destroy();
    await place.clean();
  }
}

/** What the server says it stores; nothing where it can't say. */
async function statsOf(db: mongoose.mongo.Db): Promise<[string, number][]> {
  try {
    const stats = await db.command({ collStats: 'items' });
    const sizes = (stats['indexSizes'] ?? {}) as Record<string, number>;
    return [
      ['items, stored', Number(stats['storageSize'])],
      ['indexes, stored', Number(stats['totalIndexSize'])],
      ...Object.entries(sizes).map(([name, bytes]): [string, number] => [`${name} (index)`, Number(bytes)]),
    ];
  } catch (error) {
    say(`no figures of storage: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function table(parts: readonly Part[]): string {
  return [
    '| store | part | bytes | an item | an event |',
    '| --- | --- | ---: | ---: | ---: |',
    ...parts.map(
      ({ store, part, bytes, items, events }) =>
        `| ${store} | ${part} | ${count(bytes)} | ${count(bytes / items)} | ${count(bytes / events)} |`,
    ),
  ].join('\n');
}

async function run(): Promise<void> {
  command.parse();
  const { items: wanted } = command.opts<{ items: number }>();
  say('SQLite');
  const sqlite = await sqliteParts(wanted);
  say('MongoDB');
  const mongo = await mongoParts(wanted);
  const [first] = sqlite;
  console.log(
    `${measuredWith(`npm run bench:size -- --items ${wanted}`)}, ${count(first?.items ?? 0)} items.\n`,
  );
  console.log(table([...sqlite, ...mongo]));
  say('declarations and look-ups');
  console.log(`\n${otherTable([...(await sqliteOthers()), ...(await mongoOthers())])}`);
}

await runCommand(async () => {
  await run();
  return 0;
});
