import mongoose, { mongo } from 'mongoose';
import { CONCERNS, CONFIRMED_WITHIN_MS, connectMongo } from './connect.ts';
import type { Mongo, MongoOptions } from './connect.ts';
import { databaseOf } from './indexes.ts';

/** The oldest server that keeps what the stores rely on. */
const MIN_VERSION = [6, 0] as const;
/** Clocks of this process and of the server may be apart by this much, the time of the question included. */
const MAX_CLOCK_GAP_MS = 60_000;
/** Unauthorized, AuthenticationFailed, and what DocumentDB says to a wrong password. */
const NOT_ALLOWED = new Set<unknown>([13, 18]);

/**
 * Connects for good, and makes sure that records can be trusted to this server: it has a primary that confirms writes
 * by majority and journal, its version is not too old, and its clock agrees. Writes nothing.
 * @param now milliseconds since 1970
 * @throws Error of one sentence, without the address or a password
 */
export async function openMongo(url: string, options: MongoOptions, now: () => number): Promise<Mongo> {
  let connection: Mongo;
  try {
    connection = await connectMongo(url, options);
  } catch (cause) {
    throw new Error(connectSentence(cause), { cause });
  }
  try {
    assertConcerns(connection, options);
    await assertServer(connection, now);
    return connection;
  } catch (cause) {
    await connection.destroy().catch(() => undefined);
    if (!(cause instanceof mongo.MongoError)) throw cause;
    throw new Error(refusalSentence(cause), { cause });
  }
}

function assertConcerns(connection: Mongo, { patient = false }: MongoOptions): void {
  const { writeConcern, readConcern, readPreference } = connection.getClient().options;
  const kept =
    writeConcern?.w === CONCERNS.writeConcern.w &&
    writeConcern.journal === true &&
    writeConcern.wtimeoutMS === (patient ? undefined : CONFIRMED_WITHIN_MS) &&
    readConcern.level === CONCERNS.readConcern.level &&
    readPreference.mode === CONCERNS.readPreference;
  if (!kept) {
    throw new Error(
      'The connection to MongoDB does not wait for majority and journal as it has to: remove w, journal, wtimeout, readConcernLevel and readPreference from DATABASE_URL.',
    );
  }
}

interface Hello {
  readonly isWritablePrimary?: boolean;
  readonly setName?: string;
  readonly msg?: string;
  readonly localTime?: Date | number;
}

async function assertServer(connection: Mongo, now: () => number): Promise<void> {
  const admin = databaseOf(connection).admin();
  const hello = (await admin.command({ hello: 1 })) as Hello;
  if (hello.isWritablePrimary !== true)
    throw new Error('MongoDB has no primary that this process can reach.');
  if (hello.setName === undefined && hello.msg !== 'isdbgrid') {
    throw new Error(
      'MongoDB runs as a single server without a replica set, which can lose acknowledged writes: make it a replica set, of one server at least.',
    );
  }
  const { version } = (await admin.command({ buildInfo: 1 })) as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1])) {
    throw new Error(`MongoDB ${version} is too old: ${MIN_VERSION.join('.')} or later is needed.`);
  }
  assertClock(hello, now());
}

function assertClock({ localTime }: Hello, now: number): void {
  if (localTime === undefined) return;
  const gapMs = now - Number(localTime);
  if (Math.abs(gapMs) <= MAX_CLOCK_GAP_MS) return;
  const gap = `${Math.round(Math.abs(gapMs) / 1_000)} s ${gapMs > 0 ? 'ahead of' : 'behind'}`;
  throw new Error(`The clock of this machine is ${gap} that of MongoDB: set both by a time server.`);
}

function connectSentence(error: unknown): string {
  // mongoose tells of a failed selection in a class of its own, which is none of the driver's.
  if (
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongoose.Error.MongooseServerSelectionError
  ) {
    return selectionSentence(error);
  }
  // The name of a cluster is looked up before anything else; what the system says of it comes as it is.
  if (error instanceof Error && 'syscall' in error) return `MongoDB cannot be reached: ${codeIn(error)}.`;
  // What the driver throws before it has asked anybody is about what it was given.
  if (
    !(error instanceof mongo.MongoError) ||
    [mongo.MongoParseError, mongo.MongoRuntimeError, mongo.MongoAPIError].some(
      (kind) => error instanceof kind,
    )
  ) {
    return 'DATABASE_URL is no address that MongoDB understands.';
  }
  if (NOT_ALLOWED.has(error.code)) return 'MongoDB refuses the user name or password of DATABASE_URL.';
  return refusalSentence(error);
}

function selectionSentence(error: Error & { readonly reason?: unknown }): string {
  const { reason } = error as { readonly reason?: mongo.TopologyDescription };
  const servers = [...(reason?.servers.values() ?? [])];
  const refused = servers.find(({ error: cause }) =>
    NOT_ALLOWED.has((cause as { code?: unknown } | null)?.code),
  );
  if (refused !== undefined) return 'MongoDB refuses the user name or password of DATABASE_URL.';
  if (servers.some(({ type }) => type !== 'Unknown'))
    return 'MongoDB has no primary that this process can reach.';
  return `MongoDB cannot be reached: ${codeIn(error)}.`;
}

/** What to say of an error that came once the connection stood. */
export function refusalSentence(error: unknown): string {
  if (error instanceof mongo.MongoError && NOT_ALLOWED.has(error.code)) {
    return 'The user of DATABASE_URL may not do what the registry has to: it needs to read and write its database and list its indexes.';
  }
  return `MongoDB cannot be used: ${error instanceof Error ? withoutCredentials(error.message) : 'unknown reason'}.`;
}

/** The system's code for why no connection came about, such as ECONNREFUSED. */
function codeIn(error: Error): string {
  const found = /\b(E[A-Z]{4,}|querySrv \w+)\b/.exec(error.message)?.[1];
  return found ?? 'it does not answer';
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^@/\s]*@/g, '//').replace(/\.$/, '');
}
