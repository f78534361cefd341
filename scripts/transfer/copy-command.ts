import type { Copied } from '../../src/main/copying.ts';
import { copyAll } from '../../src/main/copying.ts';
import type { Place } from '../../src/main/places.ts';
import { FINDINGS } from '../terminal/shell.ts';
import { comparisonTable, counted, differenceLines, pace, phases } from './report.ts';

/** Copies, prints how the two places compare at the end, and answers the exit code: 0 when they are equal. */
export async function copyAndTell(from: Place, to: Place, asJson: boolean): Promise<number> {
  const begun = performance.now();
  const { onPhase, stop } = phases();
  const copied = await copyAll(from, to, onPhase).finally(stop);
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    asJson ? JSON.stringify({ ...copied.comparison, copied: copied.copied, seconds }) : told(copied, seconds),
  );
  return copied.comparison.equal ? 0 : FINDINGS;
}

function told({ copied, comparison }: Copied, seconds: number): string {
  const items = comparison.kinds.find(({ kind }) => kind === 'items')?.first.count ?? 0;
  const what = copied === 0 ? 'Nothing was missing.' : `${counted(copied)} records were brought.`;
  const end = comparison.equal
    ? 'Both hold the same: a registry can be started on the copy.'
    : 'They differ, so no registry starts on the copy yet. What changed while it was made is brought by running this again once the source is at rest.';
  return [
    comparisonTable(comparison),
    ...differenceLines(comparison),
    `${what} Copied and compared ${pace(items, 'items', seconds)}.`,
    end,
  ].join('\n');
}
