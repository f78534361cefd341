import { existsSync } from 'node:fs';

/** Environment variables as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment is unusable. The message names every fault and holds no value of any variable. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable: ${faults.join('; ')}.`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Adds what `.env` in the working folder sets to the environment, where there is such a file, and returns the
 * whole. A variable that is set already wins.
 */
export function loadEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Reads variables one by one and collects faults. An empty variable counts as unset. */
export interface EnvironmentReader {
  readonly faults: string[];
  text(key: string): string | undefined;
  /** A whole number from `min` to `max`. */
  integer(key: string, fallback: number, min: number, max: number): number;
  oneOf<T extends string>(key: string, fallback: T, choices: readonly T[]): T;
  /** An absolute URL with one of `protocols`, such as `http:`. */
  url(key: string, protocols: readonly string[]): string | undefined;
  /** An address of one of `schemes` that may name several hosts, which is no URL in the strict sense. */
  connectionString(key: string, schemes: readonly string[]): string | undefined;
}

export function createEnvironmentReader(env: Environment): EnvironmentReader {
  const faults: string[] = [];
  const text = (key: string): string | undefined => env[key]?.trim() || undefined;

  return {
    faults,
    text,
    integer(key, fallback, min, max) {
      const value = text(key);
      if (value === undefined) return fallback;
      const number = Number(value);
      if (/^\d{1,15}$/.test(value) && number >= min && number <= max) return number;
      faults.push(`${key} must be a whole number from ${min} to ${max}`);
      return fallback;
    },
    oneOf(key, fallback, choices) {
      const value = text(key);
      if (value === undefined) return fallback;
      const choice = choices.find((one) => one === value);
      if (choice === undefined) faults.push(`${key} must be one of ${choices.join(', ')}`);
      return choice ?? fallback;
    },
    url(key, protocols) {
      const value = text(key);
      if (value === undefined) return undefined;
      if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
        faults.push(`${key} must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`);
      }
      return value;
    },
    connectionString(key, schemes) {
      const value = text(key);
      const scheme = value === undefined ? undefined : /^([a-z+]+):\/\/[^/\s]/.exec(value)?.[1];
      if (value !== undefined && (scheme === undefined || !schemes.includes(scheme) || /\s/.test(value))) {
        faults.push(`${key} must be a URL that starts with ${schemes.map((s) => `${s}://`).join(' or ')}`);
      }
      return value;
    },
  };
}
