import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { migrate, openSnapshot, openSqlite } from '../../src/platform/sqlite/index.ts';
import { failureMessage } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

const FIRST = { version: 1, statements: ['CREATE TABLE a (n INTEGER) STRICT'] };
const SCHEMA = { application: 'test', migrations: [FIRST] };
const LATER = { ...SCHEMA, migrations: [FIRST, { version: 2, statements: ['CREATE TABLE b (n INTEGER)'] }] };

describe('a snapshot of a store', () => {
  let file: string;
  beforeEach(() => {
    file = join(temporaryFolder(), 'a.sqlite');
  });
  afterEach(removeFolders);

  const made = () => {
    const db = openSqlite(file);
    migrate(db, SCHEMA);
    return db;
  };
  const numbers = (db: ReturnType<typeof made>) => db.prepare('SELECT n FROM a').pluck().all();

  it('stays as it was while others write, and keeps nobody from it', () => {
    const writer = made();
    writer.exec('INSERT INTO a VALUES (1)');
    const { db } = openSnapshot(file, SCHEMA);
    writer.exec('INSERT INTO a VALUES (2)');
    expect([numbers(db), numbers(writer)]).to.deep.equal([[1], [1, 2]]);
    db.close();
    writer.close();
  });

  it('can not be written', () => {
    made().close();
    const { db } = openSnapshot(file, SCHEMA);
    expect(() => db.exec('INSERT INTO a VALUES (1)')).to.throw('readonly');
    db.close();
  });

  it('tells whether anybody wrote since', () => {
    const writer = made();
    const quiet = openSnapshot(file, SCHEMA);
    expect(quiet.isUnchanged()).to.equal(true);
    writer.exec('INSERT INTO a VALUES (1)');
    expect(quiet.isUnchanged()).to.equal(false);
    quiet.db.close();
    writer.close();
  });

  it('is taken of a store that nobody has open', () => {
    made().close();
    expect(existsSync(`${file}-wal`)).to.equal(false);
    const before = statSync(file).mtimeMs;
    const { db, isUnchanged } = openSnapshot(file, SCHEMA);
    expect([numbers(db), isUnchanged()]).to.deep.equal([[], true]);
    db.close();
    expect(statSync(file).mtimeMs).to.equal(before);
  });

  it('is refused of no file, of another application, of an older and of a newer version', async () => {
    expect(await failureMessage(() => openSnapshot(file, SCHEMA))).to.equal(`There is no file ${file}.`);
    made().close();
    const refusal = (schema: typeof SCHEMA) => failureMessage(() => openSnapshot(file, schema));
    expect(await refusal({ ...SCHEMA, application: 'other' })).to.include('is no store of other');
    expect(await refusal(LATER)).to.include('was written by an older version of test');
    const db = openSqlite(file);
    migrate(db, LATER);
    db.close();
    expect(await refusal(SCHEMA)).to.include('was written by a newer version of test');
  });
});
