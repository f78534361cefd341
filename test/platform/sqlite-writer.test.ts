import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { createWriter, openSqlite } from '../../src/platform/sqlite/index.ts';
import type { Sqlite, Writer } from '../../src/platform/sqlite/index.ts';
import { failureCode } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

interface Fixture {
  readonly db: Sqlite;
  readonly writer: Writer;
  insert(text: string): Promise<void>;
  count(): number;
}

function fixture(file: string): Fixture {
  const db = openSqlite(file);
  db.exec('CREATE TABLE IF NOT EXISTS a (text TEXT UNIQUE)');
  const writer = createWriter(db);
  const add = db.prepare('INSERT INTO a VALUES (?)');
  const count = db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM a');
  return {
    db,
    writer,
    insert: (text) => writer.run(() => void add.run(text)),
    count: () => count.get()?.n ?? -1,
  };
}

const big = (n: number): string => String(n).padEnd(100_000, '-');

describe('sqlite writer', () => {
  afterEach(removeFolders);

  it('resolves only after the commit, in the order of the works', async () => {
    const file = join(temporaryFolder(), 'a.sqlite');
    const { db, insert } = fixture(file);
    const reader = fixture(file);
    const seen: string[] = [];
    const one = insert('one').then(() => seen.push(`one ${reader.count()}`));
    const two = insert('two').then(() => seen.push(`two ${reader.count()}`));
    expect(reader.count()).to.equal(0);
    await Promise.all([one, two]);
    expect(seen).to.deep.equal(['one 2', 'two 2']);
    db.close();
    reader.db.close();
  });

  it('commits works of one turn together', async () => {
    const { db, writer } = fixture(join(temporaryFolder(), 'a.sqlite'));
    const observer = openSqlite(db.name);
    const changes = (): unknown => observer.pragma('data_version', { simple: true });
    const seen: unknown[] = [];
    const before = changes();
    await Promise.all(
      [1, 2, 3].map((n) =>
        writer.run(() => {
          db.prepare('INSERT INTO a VALUES (?)').run(String(n));
          seen.push(changes());
        }),
      ),
    );
    expect(seen).to.deep.equal([before, before, before]);
    expect(changes()).not.to.equal(before);
    observer.close();
    db.close();
  });

  it('undoes a work that throws, and no other', async () => {
    const { db, writer, insert, count } = fixture(':memory:');
    const results = await Promise.allSettled([
      insert('one'),
      writer.run(() => {
        db.prepare('INSERT INTO a VALUES (?)').run('half done');
        throw new Error('no');
      }),
      insert('one'),
      insert('two'),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(count()).to.equal(2);
  });

  it('takes more works than fit into one group, and works given by works', async () => {
    const { writer, insert, count } = fixture(':memory:');
    const works = Array.from({ length: 5000 }, (_, n) => insert(String(n)));
    const nested = await writer.run(() => insert('nested'));
    expect(nested).to.equal(undefined);
    await Promise.all(works);
    expect(count()).to.equal(5001);
  });

  it('answers that the store is busy while another process holds it, and then goes on', async () => {
    const file = join(temporaryFolder(), 'a.sqlite');
    const { db, insert, count } = fixture(file);
    db.pragma('busy_timeout = 0');
    const other = openSqlite(file);
    other.exec('BEGIN IMMEDIATE');
    expect(await failureCode(() => insert('one'))).to.equal('store-busy');
    other.exec('COMMIT');
    await insert('one');
    expect(count()).to.equal(1);
    other.close();
    db.close();
  });

  it('acknowledges nothing beyond the largest size of the file, and recovers', async () => {
    const { db, insert, count } = fixture(':memory:');
    db.pragma('max_page_count = 100');
    await insert('small');
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => insert(big(n))));
    const stored = results.filter(({ status }) => status === 'fulfilled').length;
    expect(stored).to.be.lessThan(10);
    expect(count()).to.equal(stored + 1);
    db.pragma('max_page_count = 100000');
    await insert('after');
    expect(count()).to.equal(stored + 2);
  });

  it('answers storage-full on a full disk, loses nothing acknowledged, and recovers by itself', async function () {
    const folder = temporaryFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status !== 0) this.skip();
    try {
      const { db, insert, count } = fixture(join(folder, 'a.sqlite'));
      let acknowledged = 0;
      const fill = async (): Promise<void> => {
        for (;;) {
          await insert(big(acknowledged));
          acknowledged += 1;
        }
      };
      expect(await failureCode(fill)).to.equal('storage-full');
      expect(acknowledged).to.be.greaterThan(3);
      expect(count()).to.equal(acknowledged);
      expect(await failureCode(() => insert(big(-1)))).to.equal('storage-full');
      expect(spawnSync('mount', ['-o', 'remount,size=8m', folder]).status).to.equal(0);
      await insert(big(-2));
      expect(count()).to.equal(acknowledged + 1);
      expect(db.pragma('integrity_check', { simple: true })).to.equal('ok');
      db.close();
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});
