import pino, { type Logger } from 'pino';
import { openLogStream } from './log-stream.ts';

export interface LogOptions {
  readonly level: string;
  /** A file descriptor or file; default: standard output. */
  readonly destination?: number | string;
}
export interface Log {
  readonly logger: Logger;
  /** Writes out what is still in memory. */
  close(): Promise<void>;
}

const REDACTED = '[redacted]';

/** Members whose value is a secret wherever they stand, with a string or a list as their value. */
const SECRET_MEMBER =
  /("(?:authorization|cookie|set-cookie|password|passwd|secret|token|access_token|id_token|api[-_]?key|(?:redis|database)_?url|jwt)":)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi;
/** A JSON Web Token, at least its first two parts. */
const TOKEN = /eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(bearer|basic) +[^\s"\\,]+/gi;
/** Credentials inside an address, as in `redis://user:password@host`. */
const CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s"/@]+@/gi;

/** One line of log without secrets, whatever field or message they stand in. */
export function redact(line: string): string {
  return line
    .replace(SECRET_MEMBER, `$1"${REDACTED}"`)
    .replace(TOKEN, REDACTED)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(CREDENTIALS, `$1${REDACTED}@`);
}

/**
 * A log of JSON lines with ISO 8601 times. Lines are written in the background, 250 ms late at most; `close` (and
 * leaving the process in an orderly way) loses none. A destination that can't be written stops nothing.
 */
export function createLog({ level, destination = 1 }: LogOptions): Log {
  const stream = openLogStream(destination);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redact },
    },
    stream,
  );
  return { logger, close: () => stream.close() };
}
