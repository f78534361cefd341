import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/config.ts';
import { readStoreSettings } from '../config/config.ts';
import type { RecordSource, RecordTarget } from '../modules/transfer/index.ts';
import { isArchive, openArchive, storedRecords } from '../modules/transfer/index.ts';
import { lockDataDirectory, openSnapshot } from '../platform/sqlite/index.ts';
import { systemClock } from './clock.ts';
import { createClosers } from './closers.ts';
import { fillMongoStores, readMongoStores } from './mongo-stores.ts';
import { beginFilling, endFilling, registerIdIn } from './sqlite-stage.ts';
import { openMigrated, SCHEMA, sqliteStores } from './stores.ts';

/** Where records lie: a folder that holds a register on SQLite or an archive, or a database of a MongoDB. */
export type Place =
  | { readonly folder: string }
  /** Holds a password: not for logs. */
  | { readonly url: string };

/** Records to be read. */
export interface OpenedSource {
  readonly source: RecordSource;
  close(): Promise<void>;
}

/** A store that nobody works on while it is filled. */
export interface OpenedTarget {
  readonly target: RecordTarget;
  /** Says that everything is there: from now on a registry may work on it. */
  complete(): Promise<void>;
  close(): Promise<void>;
}

const STORE_FILE = 'registry.sqlite';
const VARIABLE = /^env:(\w+)$/;
const MONGO_URL = /^mongodb(\+srv)?:\/\//;

/**
 * The place that `text` names: a folder, a MongoDB's address, or `env:NAME` for what a variable of the environment
 * names, so that a password needn't stand where everybody can list it.
 * @throws Error of one sentence when there is no such variable
 */
export function placeOf(text: string, environment: Environment): Place {
  const [, variable] = VARIABLE.exec(text) ?? [];
  const named = variable === undefined ? text : environment[variable];
  if (named === undefined || named === '') throw new Error(`The variable ${variable ?? ''} is not set.`);
  return MONGO_URL.test(named) ? { url: named } : { folder: resolve(named) };
}

/** `place`, where it is an archive. @throws Error of one sentence when it is not */
export function archiveAt(place: Place): Place {
  if ('folder' in place && isArchive(place.folder)) return place;
  throw new Error(
    `${'folder' in place ? `The folder ${place.folder}` : 'A database'} holds no complete archive.`,
  );
}

/** The place of the register that the settings name. @throws ConfigError */
export function configuredPlace(environment: Environment): Place {
  const { dataDir, databaseUrl } = readStoreSettings(environment);
  return databaseUrl === undefined ? { folder: dataDir } : { url: databaseUrl };
}

/**
 * Opens what lies at `place` for reading, without keeping a registry from working on it. SQLite's records are those
 * of one moment, MongoDB's each that of the moment when it is read.
 * @throws Error of one sentence when nothing lies there, or it can't be relied on
 */
export async function openSource(place: Place): Promise<OpenedSource> {
  if ('url' in place) {
    const stores = await readMongoStores({ url: place.url, clock: systemClock() });
    return { source: storedRecords(stores), close: () => stores.close() };
  }
  const { folder } = place;
  if (isArchive(folder)) return { source: await openArchive(folder), close: async () => undefined };
  const file = join(folder, STORE_FILE);
  if (!existsSync(file))
    throw new Error(`The folder ${folder} holds neither a register nor a complete archive.`);
  const { db, isUnchanged } = openSnapshot(file, SCHEMA);
  try {
    return {
      source: storedRecords(sqliteStores(db, registerIdIn(db)), async () => isUnchanged()),
      close: async () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the store at `place`, or makes one, to fill it with records of a register. Until it is complete no registry
 * starts on it.
 * @throws Error of one sentence when it is in use, was in use, or holds another register
 */
export async function openTarget(place: Place, registerId: string): Promise<OpenedTarget> {
  if ('folder' in place) return openFolder(place.folder, registerId);
  const stores = await fillMongoStores({ url: place.url, clock: systemClock() }, registerId);
  return {
    target: storedRecords(stores),
    complete: () => stores.complete(),
    close: () => stores.close(),
  };
}

async function openFolder(folder: string, registerId: string): Promise<OpenedTarget> {
  if (isArchive(folder))
    throw new Error(`The folder ${folder} holds an archive; a register needs a folder of its own.`);
  const closers = createClosers();
  try {
    const lock = lockDataDirectory(folder);
    closers.add(() => lock.release());
    const db = openMigrated(join(folder, STORE_FILE));
    closers.add(() => db.close());
    beginFilling(db, registerId);
    return {
      target: storedRecords(sqliteStores(db, registerId)),
      complete: async () => endFilling(db),
      close: () => closers.closeAll(),
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
