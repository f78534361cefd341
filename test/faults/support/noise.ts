/** Tells when the machine itself stood still: what is late then is no fault of the registry's. */
export interface Noise {
  /** Something that should have been quick took `ms` until now. */
  slow(ms: number): void;
  /** The longest the machine stood still at one go between two instants of `performance.now()`. */
  worst(from: number, to: number): number;
  close(): void;
}

const EVERY_MS = 25;
/** Shorter stops are usual. */
const COUNTS_FROM_MS = 200;

export function listenToNoise(): Noise {
  const stops: { readonly at: number; readonly ms: number }[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    slow(now - last - EVERY_MS);
    last = now;
  }, EVERY_MS);

  function slow(ms: number): void {
    if (ms >= COUNTS_FROM_MS) stops.push({ at: performance.now(), ms });
  }

  return {
    slow,
    worst: (from, to) =>
      stops
        .filter(({ at, ms }) => at >= from && at - ms <= to)
        .reduce((worst, { ms }) => Math.max(worst, ms), 0),
    close: () => clearInterval(timer),
  };
}
