import { mongo } from 'mongoose';
import { Failure } from '../../kernel/failure.ts';

/** Codes and names: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const DISK_FULL = new Set<unknown>([14_031, 'OutOfDiskSpace']);
const DISK_FULL_MESSAGE = /No space left on device|out of disk space/i;
/** What passes: elections, shutdowns, exceeded times, and the states in which PostgreSQL takes no commands. */
const PASSING_CODES = new Set<unknown>([
  6, 7, 50, 89, 91, 112, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436,
]);
/** Errors of the driver's pool of connections, whose classes it doesn't show. */
const PASSING_NAMES = new Set([
  'MongoWaitQueueTimeoutError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
]);
/** What the system says of a connection that broke; the driver lets some of it through as it is. */
const BROKEN_CONNECTION = new Set<unknown>([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
]);
const PASSING_MESSAGE =
  /shutting down|starting up|recovery mode|terminating connection|connection (closed|reset|refused)|too many clients|could not connect|error communicating/i;
/** https://www.mongodb.com/docs/manual/reference/write-concern/#wtimeout */
const WRITE_CONCERN_CODES = new Set<unknown>([64, 100]);

/** True when it is unknown whether the write took effect: no answer came, or no majority confirmed it in time. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof mongo.MongoWriteConcernError) return true;
  if (error instanceof mongo.MongoBulkWriteError) {
    return error.result.getWriteConcernError() !== undefined || isPassing(error);
  }
  return isPassing(error);
}

/**
 * The failure that callers are meant to see for an error of the driver: `storage-full` when the disk takes no more,
 * `store-away` when the store can't be asked now, `store-unsure` when no majority confirmed a write in time. Anything
 * else as it is.
 */
export function translated(error: unknown): unknown {
  if (!(error instanceof mongo.MongoError)) return isBroken(error) ? away(error) : error;
  if (DISK_FULL.has(error.code) || DISK_FULL_MESSAGE.test(error.message)) {
    const message = 'The disk of the store is full or cannot be written; nothing was stored.';
    return new Failure('storage-full', 'storage-full', message, { cause: error, retryAfterSeconds: 30 });
  }
  if (isOfWriteConcern(error)) {
    const message = 'The store did not confirm in time; whether it took effect is unknown. Send it again.';
    return new Failure('unavailable', 'store-unsure', message, { cause: error, retryAfterSeconds: 1 });
  }
  return isPassing(error) ? away(error) : error;
}

function away(cause: unknown): Failure {
  const message = 'The store is out of reach; try again.';
  return new Failure('unavailable', 'store-away', message, { cause, retryAfterSeconds: 1 });
}

/** Runs `work` with the errors of the driver translated. */
export async function translating<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}

function isOfWriteConcern(error: mongo.MongoError): boolean {
  if (error instanceof mongo.MongoWriteConcernError) return true;
  if (error instanceof mongo.MongoBulkWriteError) return error.result.getWriteConcernError() !== undefined;
  return WRITE_CONCERN_CODES.has(error.code);
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && BROKEN_CONNECTION.has(error.code);
}

function isPassing(error: unknown): boolean {
  if (isBroken(error)) return true;
  // A batch that broke off with its connection holds that error inside.
  if (error instanceof mongo.MongoBulkWriteError && [error.writeErrors].flat().length === 0) {
    const inside: unknown = error.errorResponse;
    if (inside !== undefined && isPassing(inside)) return true;
  }
  if (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    (error instanceof mongo.MongoError && PASSING_NAMES.has(error.name))
  ) {
    return true;
  }
  return (
    error instanceof mongo.MongoServerError &&
    (PASSING_CODES.has(error.code) || PASSING_MESSAGE.test(error.message))
  );
}
