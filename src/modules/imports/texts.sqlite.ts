import type { Sqlite } from '../../platform/sqlite/index.ts';
import type { Texts } from './texts.ts';

/** So many of those asked for last stay at hand. */
const AT_HAND = 10_000;

/** Texts put aside in a database of their own, which holds nothing that can't be made again. */
export function textsAside(db: Sqlite): Texts {
  db.exec('CREATE TABLE texts (no INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO texts (no, text) VALUES (?, ?)');
  const select = db.prepare<[number], { text: string }>('SELECT text FROM texts WHERE no = ?');
  const atHand = new Map<number, string>();
  let count = 0;
  return {
    add: db.transaction((texts: readonly string[]) => {
      for (const text of texts) {
        insert.run(count, text);
        count += 1;
      }
    }),
    get(index) {
      const known = atHand.get(index);
      if (known !== undefined) return known;
      const text = select.get(index)?.text;
      if (text === undefined) return undefined;
      if (atHand.size >= AT_HAND) atHand.clear();
      atHand.set(index, text);
      return text;
    },
    close: () => void db.close(),
  };
}
