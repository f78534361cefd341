/**
 * What a store is there for. `serving`: a registry works on it, or did. `filling`: a copy into it was begun. `filled`:
 * that was found complete, and no registry has worked on it yet.
 */
export type Stage = 'serving' | 'filling' | 'filled';

/** @param where as the end of a sentence about a store */
export function copyIncomplete(where: string): Error {
  return new Error(`The store ${where} is incomplete: run the copy that was begun into it to its end first.`);
}

export function otherRegister(where: string): Error {
  return new Error(`The store ${where} holds another register; a copy needs a new place.`);
}

export function wasServed(where: string): Error {
  return new Error(`A registry has worked on the store ${where}; a copy needs a new place.`);
}
