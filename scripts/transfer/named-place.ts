import type { Environment } from '../../src/config/config.ts';
import type { Place } from '../../src/main/places.ts';
import { placeOf } from '../../src/main/places.ts';

const PASSWORD = /^[^/]*:\/\/[^/@]*:[^/@]*@/;

/** The place that an argument names; warns of a password in it. @throws Error as `placeOf` */
export function namedPlace(argument: string, environment: Environment): Place {
  if (PASSWORD.test(argument)) {
    console.error(
      'Whoever lists processes can read this password: put the address in a variable, say env:NAME.',
    );
  }
  return placeOf(argument, environment);
}
