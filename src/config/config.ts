import { fileURLToPath } from 'node:url';

/** Everything an operator can set. Read once, at start. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly redisUrl: string | undefined;
  readonly redisServer: string;
  readonly jwtJwks: string | undefined;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly logLevel: string;
  readonly production: boolean;
  readonly catalogueDir: string;
  readonly watchlistFile: string | undefined;
  readonly expiryDays: number;
  /** Requests a minute and subject; 0 sets no limit. */
  readonly ratePerMinute: number;
  readonly verifyConcurrency: number;
  readonly requestTimeoutMs: number;
  /** Where people reach the registry; used in QR codes and links. */
  readonly publicUrl: string;
}

/** Every environment variable that is read; `.env.example` lists the same. */
export const CONFIG_KEYS = [
  'PORT',
  'HOST',
  'DATA_DIR',
  'REDIS_URL',
  'REDIS_SERVER',
  'JWT_JWKS',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'LOG_LEVEL',
  'NODE_ENV',
  'CATALOGUE_DIR',
  'WATCHLIST_FILE',
  'EXPIRY_DAYS',
  'RATE_LIMIT_PER_MINUTE',
  'VERIFY_CONCURRENCY',
  'REQUEST_TIMEOUT_MS',
  'PUBLIC_URL',
] as const;
export type ConfigKey = (typeof CONFIG_KEYS)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** What is wrong with the environment: every fault at once, and no values, because some are secret. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable: ${faults.join('; ')}.`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Reads the settings. @throws ConfigError that names every variable at fault */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = [];
  const text = (key: ConfigKey): string | undefined => {
    const value = env[key]?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
  const whole = (key: ConfigKey, fallback: number, min: number, max: number): number => {
    const value = text(key);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    faults.push(`${key} must be a whole number from ${min} to ${max}`);
    return fallback;
  };
  const url = (key: ConfigKey, protocols: readonly string[]): string | undefined => {
    const value = text(key);
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    faults.push(`${key} must be a URL that starts with ${protocols.map((each) => `${each}//`).join(' or ')}`);
    return undefined;
  };
  const port = whole('PORT', 8080, 0, 65_535);
  const production = text('NODE_ENV') === 'production';
  const logLevel = text('LOG_LEVEL') ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  if (production && text('JWT_JWKS') === undefined) faults.push('JWT_JWKS is required when NODE_ENV is production');
  const config: Config = {
    port,
    host: text('HOST') ?? '127.0.0.1',
    dataDir: text('DATA_DIR') ?? 'data',
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:']),
    redisServer: text('REDIS_SERVER') ?? 'redis-server',
    jwtJwks: text('JWT_JWKS'),
    jwtIssuer: text('JWT_ISSUER') ?? 'pill-press-registry',
    jwtAudience: text('JWT_AUDIENCE') ?? 'pill-press-registry',
    logLevel,
    production,
    catalogueDir: text('CATALOGUE_DIR') ?? besideSource('catalogue'),
    watchlistFile: text('WATCHLIST_FILE'),
    expiryDays: whole('EXPIRY_DAYS', 180, 1, 3_650),
    ratePerMinute: whole('RATE_LIMIT_PER_MINUTE', 6_000, 0, 10_000_000),
    verifyConcurrency: whole('VERIFY_CONCURRENCY', 4, 1, 64),
    requestTimeoutMs: whole('REQUEST_TIMEOUT_MS', 30_000, 1_000, 600_000),
    publicUrl: (url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`).replace(/\/+$/, ''),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** Loads `.env` of the working folder where there is one; what the environment holds already wins. */
export function loadEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new ConfigError(['.env can not be read']);
  }
  return process.env;
}

/** A folder at the root of the project, found from here whether this runs from `src` or from `dist/src`. */
function besideSource(name: string): string {
  const up = import.meta.url.includes('/dist/') ? '../../../' : '../../';
  return fileURLToPath(new URL(`${up}${name}`, import.meta.url));
}
