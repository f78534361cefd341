type Size = 'short' | 'full';

function askedSize(): Size {
  const size = process.env['FAULTS'] ?? 'short';
  if (size !== 'short' && size !== 'full') throw new Error('FAULTS must be `short` or `full`.');
  return size;
}

const SIZE = askedSize();

export const isFull = SIZE === 'full';

/** `FAULTS=full` (`npm run test:faults`) asks for every round that is promised; every other run makes a few. */
export function sized(sizes: Readonly<Record<Size, number>>): number {
  return sizes[SIZE];
}

/** Where faults strike and what is filed follows from it; when exactly they strike is up to the machine. */
export const SEED = Number(process.env['FAULTS_SEED'] ?? 1);
