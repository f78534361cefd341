import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/config.ts';
import { readStoreSettings } from '../config/config.ts';
import type { RecordSource, RecordTarget } from '../modules/transfer/index.ts';
import { isArchive, openArchive, storedRecords } from '../modules/transfer/index.ts';
import { lockDataDirectory, openSnapshot } from '../platform/sqlite/index.ts';
import { createClosers } from './closers.ts';
import { beginFilling, endFilling, registerIdIn } from './sqlite-stage.ts';
import { openMigrated, SCHEMA, sqliteStores } from './stores.ts';

/** A folder that holds a register on SQLite or an archive. */
export interface Place {
  readonly folder: string;
}

/** Records to be read, as they are at one moment. */
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

/**
 * The place that `text` names: a folder, or `env:NAME` for the one that this variable of the environment names.
 * @throws Error of one sentence when there is no such variable
 */
export function placeOf(text: string, environment: Environment): Place {
  const [, variable] = VARIABLE.exec(text) ?? [];
  const named = variable === undefined ? text : environment[variable];
  if (named === undefined || named === '') throw new Error(`The variable ${variable ?? ''} is not set.`);
  return { folder: resolve(named) };
}

/** `place`, where it is one that `backup-store` wrote. @throws Error of one sentence when it is not */
export function archiveAt(place: Place): Place {
  if (isArchive(place.folder)) return place;
  throw new Error(`The folder ${place.folder} holds no complete archive.`);
}

/** The place of the register that the settings name. */
export function configuredPlace(environment: Environment): Place {
  return { folder: readStoreSettings(environment).dataDir };
}

/**
 * Opens what lies at `place` for reading, without keeping a registry from working on it.
 * @throws Error of one sentence when nothing lies there, or it can't be relied on
 */
export async function openSource({ folder }: Place): Promise<OpenedSource> {
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
export async function openTarget({ folder }: Place, registerId: string): Promise<OpenedTarget> {
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
