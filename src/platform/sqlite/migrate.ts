import { createHash } from 'node:crypto';
import type { Sqlite } from './open.ts';
import { transaction } from './transaction.ts';

/** One step of the schema. Never changed once released; a later change is a later version. */
export interface Migration {
  /** 1, 2, 3 … */
  readonly version: number;
  readonly statements: readonly string[];
}

export interface Schema {
  /** Marks the file, so that another application's is never touched. */
  readonly application: string;
  /** In order of version, without gaps. */
  readonly migrations: readonly Migration[];
}

/**
 * Brings `db` to the newest version, each step in a transaction of its own; nothing to do is no error.
 * @throws Error of one sentence when the file belongs to another application or to a newer version;
 * Failure as `transaction` does
 */
export function migrate(db: Sqlite, schema: Schema): void {
  schema.migrations.forEach(({ version }, index) => {
    if (version !== index + 1) throw new RangeError(`migration ${index + 1} has version ${version}`);
  });
  const mark = applicationMark(schema.application);
  assertKnown(db, schema, mark);
  for (const { version, statements } of schema.migrations) {
    transaction(db, () => {
      if (userVersion(db) >= version) return;
      for (const statement of statements) db.exec(statement);
      db.pragma(`application_id = ${mark}`);
      db.pragma(`user_version = ${version}`);
    });
  }
}

/**
 * Makes sure that `db` has the tables of the newest version, and changes nothing.
 * @throws Error of one sentence when it has not
 */
export function assertCurrent(db: Sqlite, schema: Schema): void {
  assertKnown(db, schema, applicationMark(schema.application));
  if (userVersion(db) < schema.migrations.length) {
    throw new Error(
      `The file ${db.name} was written by an older version of ${schema.application}: start this version on it once.`,
    );
  }
}

function assertKnown(db: Sqlite, { application, migrations }: Schema, mark: number): void {
  const found = db.pragma('application_id', { simple: true });
  const blank = found === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!blank && found !== mark) throw new Error(`The file ${db.name} is no store of ${application}.`);
  const version = userVersion(db);
  if (version > migrations.length) {
    throw new Error(
      `The file ${db.name} was written by a newer version of ${application}: ` +
        `its schema is ${version}, the newest known here is ${migrations.length}.`,
    );
  }
}

function userVersion(db: Sqlite): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** `PRAGMA application_id` holds a signed 32-bit integer; 0 means none. */
function applicationMark(application: string): number {
  return createHash('sha256').update(application).digest().readInt32BE() | 1;
}
