import mongoose from 'mongoose';
import { releaseWritersOfClosedSockets } from './closed-sockets.ts';

export type Mongo = mongoose.Connection;

/**
 * What every connection is opened with. An address that says otherwise of journal, read concern, time or retries has its way
 * in the driver; such a one is refused once it is open (`usable.ts`).
 */
export const CONCERNS = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;

/** Operations that are under way at once; more wait for a connection. */
const POOL_SIZE = 20;
const WAIT_FOR_CONNECTION_MS = 1_000;
/** How long an operation waits for a primary. It may do so twice, and its caller is answered within 2 seconds. */
const SELECTION_MS = 700;
const CONNECT_MS = 700;
/** A write that no majority confirms within this has an unknown outcome, and its caller, who is answered within 2 seconds, still learns so. */
export const CONFIRMED_WITHIN_MS = 1_000;
/** A server that says nothing for this long in the middle of an operation is given up. */
const SILENCE_MS = 4_000;
/** How often the servers are looked at, so that one that hangs or comes back is noticed. */
const HEARTBEAT_MS = 1_000;
const IDLE_MS = 60_000;
const DEFAULT_DATABASE = 'registry';

export interface MongoOptions {
  /** Shown by the server beside its connections. */
  readonly appName: string;
  /** Operations may take as long as they need: for building indexes. */
  readonly patient?: boolean;
}

/**
 * Connects to the MongoDB, or the server that speaks its protocol, at `url`; without a database in its path, to
 * `registry`. Writes are acknowledged by a majority and journalled, reads see what a majority has.
 * @throws the driver's error when no primary is found in time
 */
export async function connectMongo(url: string, { appName, patient = false }: MongoOptions): Promise<Mongo> {
  releaseWritersOfClosedSockets();
  const connection = mongoose.createConnection(url, {
    appName,
    ...(hasDatabase(url) ? {} : { dbName: DEFAULT_DATABASE }),
    ...CONCERNS,
    writeConcern: { ...CONCERNS.writeConcern, ...(patient ? {} : { wtimeoutMS: CONFIRMED_WITHIN_MS }) },
    retryWrites: true,
    retryReads: true,
    maxPoolSize: POOL_SIZE,
    maxIdleTimeMS: IDLE_MS,
    waitQueueTimeoutMS: WAIT_FOR_CONNECTION_MS,
    serverSelectionTimeoutMS: SELECTION_MS,
    connectTimeoutMS: CONNECT_MS,
    socketTimeoutMS: patient ? 0 : SILENCE_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    ignoreUndefined: true,
    promoteBuffers: true,
    // What is used is made by `buildIndexes`, never by the way; and nothing waits in memory for a connection.
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  connection.on('error', () => undefined);
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw error;
  }
}

function hasDatabase(url: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(url);
}
