import Database from 'better-sqlite3';
import { createPrng } from '../generator/prng.ts';

const OFFICERS = 400;
const OFFICES = 40;
const COUNTRIES = ['TW', 'AU', 'US', 'CA', 'DE', 'JP', 'BR', 'KE'] as const;
const DAYS = 28;
const DAY_MS = 86_400_000;

/** Puts look-ups into a log until it holds so many: of random items, by some hundred officers, over four weeks. */
export function fillLookups(registerFile: string, wanted: number): void {
  const db = new Database(registerFile);
  try {
    const held = db.prepare<[], number>('SELECT COUNT(*) FROM lookups').pluck().get() ?? 0;
    const last = db.prepare<[], number>('SELECT MAX(no) FROM items').pluck().get() ?? 0;
    const item = db.prepare<[number], { item_id: string; serial_key: string }>(
      'SELECT item_id, serial_key FROM items WHERE no = ?',
    );
    const add = db.prepare(
      'INSERT INTO lookups (lookup_id, at, org, case_ref, verdict, entry) VALUES (?, ?, ?, NULL, ?, ?)',
    );
    const prng = createPrng(held + 1);
    const now = Date.now();
    db.transaction(() => {
      for (let no = held; no < wanted; no += 1) {
        const found = item.get(1 + Math.floor(prng.next() * last));
        const officer = Math.floor(prng.next() * OFFICERS);
        const entry = {
          sub: `officer-${officer}`,
          role: 'customs',
          country: prng.pick(COUNTRIES),
          serial: found?.serial_key ?? 'NONE',
          itemIds: found === undefined ? [] : [found.item_id],
        };
        const at = new Date(now - Math.floor(prng.next() * DAYS * DAY_MS)).toISOString();
        add.run(`lkp_bench_${no}`, at, `office-${officer % OFFICES}`, 'clear', JSON.stringify(entry));
      }
    })();
  } finally {
    db.close();
  }
}
