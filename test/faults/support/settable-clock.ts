import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { until } from '../../support/app.ts';

/** The clock of a process, which can be set while that runs. */
export interface SettableClock {
  readonly environment: Readonly<Record<string, string>>;
  readonly preload: readonly string[];
  /** Sets it so far ahead of the right time, or behind with a negative number; resolves when it goes by that. */
  set(shiftMs: number): Promise<void>;
}

export function settableClock(file: string): SettableClock {
  const seen = `${file}.seen`;
  writeFileSync(file, '0');
  writeFileSync(seen, '0');
  return {
    environment: { CLOCK_FILE: file },
    preload: [new URL('shifted-clock.mjs', import.meta.url).href],
    async set(shiftMs) {
      writeFileSync(file, String(shiftMs));
      const isSeen = () => existsSync(seen) && readFileSync(seen, 'utf8') === String(shiftMs);
      await until(async () => (isSeen() ? true : null));
    },
  };
}
