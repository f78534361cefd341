import { setFlagsFromString } from 'node:v8';

/**
 * Garbage that may pile up among what has lived for a while, in percent of what is in use there. V8's own measure is up
 * to 300, which makes a long filing take as much memory for garbage as for everything else.
 */
const GARBAGE_PERCENT = 50;

/**
 * Lets V8 collect garbage before there is more of it than that, for the whole process, which still may use as much as it
 * needs. The flag can be set while it runs, because V8 reads it anew after each collection:
 * https://github.com/v8/v8/blob/11.3.244/src/heap/memory-controller.cc
 */
export function collectEarly(): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
}
