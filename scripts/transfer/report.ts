import type { OnPhase } from '../../src/main/copying.ts';
import type { Comparison, Kind, KindComparison, Manifest } from '../../src/modules/transfer/index.ts';
import { KINDS } from '../../src/modules/transfer/index.ts';
import type { Progress } from '../terminal/progress.ts';
import { startProgress } from '../terminal/progress.ts';

const NAMES: Readonly<Record<Kind, string>> = {
  declarations: 'declarations',
  items: 'items',
  refusedFilings: 'refused filings',
  lookups: 'look-ups',
  imports: 'imports',
  importParts: 'parts of imports',
  auditRuns: 'runs of reports',
  auditRunParts: 'parts of their rows',
};
const DIGEST_SHOWN = 16;

/** One bar after the other, a phase each. */
export function phases(): { readonly onPhase: OnPhase; stop(): void } {
  let bar: Progress | undefined;
  const stop = () => bar?.stop();
  return {
    stop,
    onPhase(what, records) {
      stop();
      bar = startProgress(records, 'records', what);
      return bar.update;
    },
  };
}

/** A line a kind of record: how many, what they add up to, and whether that is the same on both sides. */
export function comparisonTable({ kinds }: Comparison): string {
  return table(
    kinds.map(({ kind, first, second, different }) => [
      NAMES[kind],
      first.count === second.count
        ? counted(first.count)
        : `${counted(first.count)} and ${counted(second.count)}`,
      different === 0 ? `equal, digest ${shortened(first.digest)}` : `${counted(different)} differ`,
    ]),
  );
}

/** A line a kind of record: how many, and what they add up to. */
export function manifestTable({ kinds }: Manifest): string {
  return table(
    KINDS.map((kind) => [NAMES[kind], counted(kinds[kind].count), `digest ${shortened(kinds[kind].digest)}`]),
  );
}

function table(lines: readonly (readonly [name: string, count: string, rest: string])[]): string {
  const nameWidth = Math.max(...lines.map(([name]) => name.length));
  const countWidth = Math.max(...lines.map(([, count]) => count.length));
  return lines
    .map(([name, count, rest]) => `${name.padEnd(nameWidth)}  ${count.padStart(countWidth)}  ${rest}`)
    .join('\n');
}

function shortened(digest: string): string {
  return digest.slice(0, DIGEST_SHOWN);
}

/** The first differences of each kind, a line each. */
export function differenceLines({ kinds, registerIds: [one, other] }: Comparison): string[] {
  const registers = one === other ? [] : [`They are of two registers, ${one} and ${other}.`];
  return [...registers, ...kinds.flatMap(linesOf)];
}

function linesOf({ kind, named, different }: KindComparison): string[] {
  const more = different - named.length;
  const lines = named.map(({ key, what }) => `${NAMES[kind]}: ${key} is ${what}`);
  return more === 0 ? lines : [...lines, `${NAMES[kind]}: ${counted(more)} more differ`];
}

/** `1,234 records in 5.6 s (220 a second)`. */
export function pace(count: number, what: string, seconds: number): string {
  return `${counted(count)} ${what} in ${seconds.toFixed(1)} s (${counted(Math.round(count / seconds))} a second)`;
}

export function counted(count: number): string {
  return count.toLocaleString('en');
}
