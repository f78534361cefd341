import type { Actor } from '../../../src/kernel/actor.ts';
import { shifted } from '../../../src/kernel/clock.ts';
import { systemClock } from '../../../src/main/clock.ts';
import { ensureDevelopmentKeys, signDevelopmentToken } from '../../../src/modules/access/index.ts';

const ISSUER = 'pill-press-registry';
/** Valid also for a process whose clock is an hour off. */
const ISSUED_EARLIER_MS = 2 * 3_600_000;

export type Tokens = (actor: Actor) => string;

/** Tokens of keys in `folder`, good for hours, and the JWKS file that registries check them with. */
export function createTokens(folder: string): { readonly tokenOf: Tokens; readonly jwksFile: string } {
  const { jwksFile } = ensureDevelopmentKeys(folder);
  const made = new Map<string, string>();
  const clock = systemClock();
  return {
    jwksFile,
    tokenOf(actor) {
      const name = JSON.stringify(actor);
      const token =
        made.get(name) ??
        signDevelopmentToken({
          ...actor,
          dataDir: folder,
          expires: '12h',
          issuer: ISSUER,
          audience: ISSUER,
          clock: { now: () => shifted(clock.now(), -ISSUED_EARLIER_MS) },
        });
      made.set(name, token);
      return token;
    },
  };
}
