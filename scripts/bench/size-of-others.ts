import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import mongoose from 'mongoose';
import { systemClock, systemRandom } from '../../src/main/clock.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import { createRegistry } from '../../src/main/registry.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import { loadCatalogue } from '../../src/modules/catalogue/index.ts';
import { createPrng } from '../generator/prng.ts';
import { consignment } from './consignment.ts';
import { mongoPlace } from './mongo-place.ts';
import { freshDataDir } from './product.ts';
import { count } from './report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DECLARATIONS = 10;
const LINES = 1_000;
const LOOKUPS = 10_000;
const AT_ONCE = 100;

/** What the other records take, counted by declared lines or by look-ups. */
interface Other {
  readonly store: string;
  readonly part: string;
  readonly bytes: number;
  readonly count: number;
  readonly of: 'line' | 'look-up';
}

/** Files declarations and logs look-ups as the registry does. */
async function fillOthers(stores: Stores): Promise<void> {
  const random = systemRandom();
  const clock = systemClock();
  const registry = createRegistry({
    stores,
    catalogue: loadCatalogue(join(ROOT, 'catalogue')),
    requests: { request: () => Promise.resolve() },
    clock,
    random,
    expiryDays: 180,
    deferred: () => undefined,
  });
  const actor = { sub: 'clerk-1', org: 'bench-size', role: 'exporter', country: 'TW' } as const;
  const officer = { sub: 'officer-1', org: 'bench-customs', role: 'customs', country: 'TW' } as const;
  const prng = createPrng(1);
  const serials: string[] = [];
  for (let no = 0; no < DECLARATIONS; no += 1) {
    const filing = consignment(prng, actor.org, `S${no}`, LINES);
    await registry.declarations.file(actor, filing, { bodyHash: '00'.repeat(32) });
    serials.push(...filing.items.map(({ serial }) => serial ?? ''));
  }
  for (let from = 0; from < LOOKUPS; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, no) => serials[(from + no) % serials.length] ?? '');
    await Promise.all(some.map((serial) => registry.lookup.lookUp(officer, { serial, case: 'CASE-2026-1' })));
  }
}

export async function sqliteOthers(): Promise<Other[]> {
  const folder = freshDataDir(ROOT);
  const file = join(folder, 'others.sqlite');
  try {
    const stores = openSqliteStores(file, systemRandom().nonce());
    await fillOthers(stores);
    await stores.close();
    const db = new Database(file, { readonly: true });
    try {
      const bytesOf = (prefix: string): number =>
        db
          .prepare<[string, string], number>(
            `SELECT SUM(s.pgsize) FROM dbstat s JOIN sqlite_schema m ON m.name = s.name WHERE m.tbl_name LIKE ? || '%' AND m.tbl_name NOT LIKE ?`,
          )
          .pluck()
          .get(prefix, 'items%') ?? 0;
      return others('SQLite', bytesOf('declaration'), bytesOf('lookups'));
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function mongoOthers(): Promise<Other[]> {
  const place = await mongoPlace(LINES);
  const url = place.env['DATABASE_URL'] ?? '';
  const connection = await mongoose.createConnection(url).asPromise();
  try {
    const stores = await openMongoStores({ url, clock: systemClock() }, systemRandom().nonce());
    await fillOthers(stores);
    await stores.close();
    const { db } = connection;
    if (db === undefined) throw new Error('the connection to the store is not open');
    const bytesOf = async (name: string): Promise<number> => {
      const stats = await db.command({ collStats: name });
      return Number(stats['storageSize']) + Number(stats['totalIndexSize']);
    };
    return others('MongoDB', await bytesOf('declarations'), await bytesOf('lookups'));
  } finally {
    await connection.destroy();
    await place.clean();
  }
}

function others(store: string, declarations: number, lookups: number): Other[] {
  return [
    {
      store,
      part: 'declarations with indexes',
      bytes: declarations,
      count: DECLARATIONS * LINES,
      of: 'line',
    },
    { store, part: 'look-up log with indexes', bytes: lookups, count: LOOKUPS, of: 'look-up' },
  ];
}

export function otherTable(parts: readonly Other[]): string {
  return [
    '| store | part | bytes | each |',
    '| --- | --- | ---: | ---: |',
    ...parts.map(
      ({ store, part, bytes, count: of, of: what }) =>
        `| ${store} | ${part} | ${count(bytes)} | ${count(bytes / of)} a ${what} |`,
    ),
  ].join('\n');
}
