import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockDataDirectory, migrate, openSqlite, transaction } from '../../src/platform/sqlite/index.ts';
import { failureCode } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

const FIRST = {
  version: 1,
  statements: ['CREATE TABLE a (n INTEGER) STRICT', 'CREATE TABLE b (n INTEGER) STRICT'],
};
const SECOND = { version: 2, statements: ['ALTER TABLE a ADD COLUMN m TEXT'] };
const application = 'test';

describe('sqlite', () => {
  afterEach(removeFolders);

  it('opens a file whose commits are synced, with bounded memory', () => {
    const db = openSqlite(join(temporaryFolder(), 'a.sqlite'));
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect(pragma('journal_mode')).to.equal('wal');
    expect(pragma('synchronous')).to.equal(2);
    expect(pragma('foreign_keys')).to.equal(1);
    expect(pragma('wal_autocheckpoint')).to.equal(10_000);
    expect(pragma('cache_size')).to.equal(-32_768);
    expect(pragma('mmap_size')).to.equal(0);
    expect(pragma('temp_store')).to.equal(2);
    db.close();
  });

  it('undoes a transaction whose work throws', () => {
    const db = openSqlite(':memory:');
    db.exec('CREATE TABLE a (n INTEGER)');
    const work = (): void => {
      db.exec('INSERT INTO a VALUES (1)');
      throw new Error('no');
    };
    expect(() => transaction(db, work)).to.throw('no');
    expect(db.prepare('SELECT * FROM a').all()).to.deep.equal([]);
  });

  it('answers that the store is busy while another connection writes', async () => {
    const file = join(temporaryFolder(), 'a.sqlite');
    const one = openSqlite(file);
    const other = openSqlite(file, { busyTimeoutMs: 0 });
    one.exec('BEGIN IMMEDIATE');
    expect(await failureCode(() => transaction(other, () => undefined))).to.equal('store-busy');
    one.exec('COMMIT');
    expect(transaction(other, () => 1)).to.equal(1);
    one.close();
    other.close();
  });
});

describe('schema of a store', () => {
  afterEach(removeFolders);

  it('is made once and brought forward step by step', () => {
    const db = openSqlite(join(temporaryFolder(), 'a.sqlite'));
    migrate(db, { application, migrations: [FIRST] });
    db.exec('INSERT INTO a VALUES (1)');
    migrate(db, { application, migrations: [FIRST] });
    migrate(db, { application, migrations: [FIRST, SECOND] });
    expect(db.prepare('SELECT n, m FROM a').all()).to.deep.equal([{ n: 1, m: null }]);
    expect(db.pragma('user_version', { simple: true })).to.equal(2);
    db.close();
  });

  it('leaves nothing of a step that fails', () => {
    const db = openSqlite(':memory:');
    const broken = { version: 2, statements: ['CREATE TABLE c (n INTEGER)', 'CREATE TABLE c (n INTEGER)'] };
    expect(() => migrate(db, { application, migrations: [FIRST, broken] })).to.throw('already exists');
    expect(db.pragma('user_version', { simple: true })).to.equal(1);
    expect(db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'c'`).get()).to.equal(undefined);
  });

  it('refuses the file of a newer version', () => {
    const db = openSqlite(':memory:');
    migrate(db, { application, migrations: [FIRST, SECOND] });
    expect(() => migrate(db, { application, migrations: [FIRST] })).to.throw(
      'was written by a newer version of test: its schema is 2, the newest known here is 1.',
    );
  });

  it('refuses the file of another application', () => {
    const db = openSqlite(':memory:');
    migrate(db, { application: 'other', migrations: [FIRST] });
    expect(() => migrate(db, { application, migrations: [FIRST] })).to.throw('is no store of test.');
    const unmarked = openSqlite(':memory:');
    unmarked.exec('CREATE TABLE theirs (n INTEGER)');
    expect(() => migrate(unmarked, { application, migrations: [FIRST] })).to.throw('is no store of test.');
  });
});

describe('lock of a data folder', () => {
  afterEach(removeFolders);

  it('keeps a second holder out until it is released', () => {
    const folder = join(temporaryFolder(), 'new', 'data');
    const lock = lockDataDirectory(folder);
    expect(() => lockDataDirectory(folder)).to.throw(
      `The data folder ${folder} is in use by another process.`,
    );
    lock.release();
    lockDataDirectory(folder).release();
  });

  it('ends with its process, even one that is killed', async () => {
    const folder = temporaryFolder();
    const args = ['--import=tsx', join(import.meta.dirname, '../support/lock-holder.ts'), folder];
    const holder = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(() => lockDataDirectory(folder)).to.throw('in use by another process');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataDirectory(folder).release();
  });

  it('says in one sentence why a folder cannot be used', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockDataDirectory(file)).to.throw(/^The data folder .* cannot be used: .*\.$/);
  });
});
