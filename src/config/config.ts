import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, createEnvironmentReader } from './environment.ts';
import type { Environment, EnvironmentReader } from './environment.ts';

export { ConfigError, loadEnvironment } from './environment.ts';
export type { Environment } from './environment.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable that is read; `.env.example` lists exactly these. */
export const CONFIG_KEYS = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'TRUST_PROXY',
  'DATA_DIR',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_SERVER',
  'JWT_JWKS',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'LOG_LEVEL',
  'CATALOGUE_DIR',
  'WATCHLIST_FILE',
  'EXPIRY_DAYS',
  'RATE_LIMIT_PER_MINUTE',
  'REQUEST_TIMEOUT_MS',
  'SHUTDOWN_GRACE_MS',
  'VERIFY_CONCURRENCY',
  'AUDIT_SCHEDULE',
  'AUDIT_REPORTS',
  'AUDIT_RUNS_KEPT',
  'READ_ONLY',
  'REGISTRY_URL',
  'REGISTRY_TOKEN',
] as const;

export interface Config {
  readonly production: boolean;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where people reach this server, without a slash at the end; used in QR codes and links. */
  readonly publicUrl: string;
  /** How many proxies in front of this server say, by X-Forwarded-For and -Proto, who calls and how. */
  readonly trustProxy: number;
  /** Absolute. */
  readonly dataDir: string;
  /** A MongoDB; unset: SQLite in the data folder. Holds a password: not for logs. */
  readonly databaseUrl: string | undefined;
  /** Unset: a private Redis is started. */
  readonly redisUrl: string | undefined;
  /** The program that is started as the private Redis. */
  readonly redisServer: string;
  /** A file or an http(s) URL; always set in production. */
  readonly jwtJwks: string | undefined;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Absolute. */
  readonly catalogueDir: string;
  /** Absolute. Unset: the watch list of the catalogue. */
  readonly watchlistFile: string | undefined;
  /** Days after which a verified declaration that was not used expires. */
  readonly expiryDays: number;
  /** Requests a minute and subject; 0 turns the limit off. */
  readonly ratePerMinute: number;
  readonly requestTimeoutMs: number;
  /** How long an API goes on serving after it was told to stop; unset: as its role asks for. */
  readonly shutdownGraceMs: number | undefined;
  /** Declarations that one worker verifies at a time. */
  readonly verifyConcurrency: number;
  /** Cron expression in UTC, or `off`. */
  readonly auditSchedule: string;
  /** Names of the reports that it runs; unset: all but summaries. */
  readonly auditReports: readonly string[] | undefined;
  /** How many runs of each report keep their rows. */
  readonly auditRunsKept: number;
  /** Only answers: records nothing but look-ups. */
  readonly readOnly: boolean;
}

type StoreSettings = Pick<Config, 'dataDir' | 'databaseUrl'>;

/** Where the records are; for commands that need no other setting. @throws ConfigError */
export function readStoreSettings(env: Environment): StoreSettings {
  const reader = createEnvironmentReader(env);
  const settings = storeSettings(reader);
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return settings;
}

function storeSettings({ text, connectionString }: EnvironmentReader): StoreSettings {
  return {
    dataDir: resolve(text('DATA_DIR') ?? 'data'),
    databaseUrl: connectionString('DATABASE_URL', ['mongodb', 'mongodb+srv']),
  };
}

/** Where a client finds the registry, and its token. @throws ConfigError */
export function readClientSettings(env: Environment): {
  readonly url: string;
  readonly token: string | undefined;
} {
  const { faults, text, url } = createEnvironmentReader(env);
  const settings = {
    url: url('REGISTRY_URL', ['http:', 'https:']) ?? 'http://localhost:8080',
    token: text('REGISTRY_TOKEN'),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

/** @throws ConfigError naming every fault at once, and no values */
export function readConfig(env: Environment): Config {
  const reader = createEnvironmentReader(env);
  const { faults, text, integer, oneOf, url } = reader;
  const production = env['NODE_ENV'] === 'production';
  const jwtJwks = text('JWT_JWKS');
  if (production && jwtJwks === undefined) {
    faults.push('JWT_JWKS must name the file or URL of the public keys when NODE_ENV is production');
  }
  const port = integer('PORT', 8080, 0, 65_535);
  const watchlistFile = text('WATCHLIST_FILE');
  const config: Config = {
    production,
    host: text('HOST') ?? '127.0.0.1',
    port,
    publicUrl: (url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    trustProxy: integer('TRUST_PROXY', 0, 0, 10),
    ...storeSettings(reader),
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:']),
    redisServer: text('REDIS_SERVER') ?? 'redis-server',
    jwtJwks,
    jwtIssuer: text('JWT_ISSUER') ?? 'pill-press-registry',
    jwtAudience: text('JWT_AUDIENCE') ?? 'pill-press-registry',
    logLevel: oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    catalogueDir: resolve(text('CATALOGUE_DIR') ?? join(projectFolder(), 'catalogue')),
    watchlistFile: watchlistFile === undefined ? undefined : resolve(watchlistFile),
    expiryDays: integer('EXPIRY_DAYS', 180, 1, 3650),
    ratePerMinute: integer('RATE_LIMIT_PER_MINUTE', 60_000, 0, 100_000_000),
    requestTimeoutMs: integer('REQUEST_TIMEOUT_MS', 1_800, 100, 3_600_000),
    shutdownGraceMs:
      text('SHUTDOWN_GRACE_MS') === undefined ? undefined : integer('SHUTDOWN_GRACE_MS', 0, 0, 300_000),
    verifyConcurrency: integer('VERIFY_CONCURRENCY', 4, 1, 1000),
    auditSchedule: text('AUDIT_SCHEDULE') ?? '0 2 * * *',
    auditReports: text('AUDIT_REPORTS')?.split(/[\s,]+/),
    auditRunsKept: integer('AUDIT_RUNS_KEPT', 90, 1, 3_650),
    readOnly: oneOf('READ_ONLY', 'false', ['true', 'false']) === 'true',
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** The nearest folder above this file that holds `package.json`: the same from source and from `dist`. */
function projectFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
