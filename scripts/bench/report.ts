import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { Spread } from './statistics.ts';

/** One case of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly met: boolean;
}

const GIB = 2 ** 30;

/** When, with what, and where something was measured. */
export function measuredWith(command: string): string {
  const [first] = cpus();
  const machine = `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB memory`;
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `Measured ${when} UTC with \`${command}\`: ${machine}, Node ${process.version}, commit ${commit()}`;
}

/** The table as Markdown, under a line that says where, with what and when it was measured. */
export function markdown(rows: readonly Row[], command: string, items: number): string {
  return [
    `${measuredWith(command)}, ${count(items)} items before the first case, client on the same machine.`,
    '',
    '| case | measured | goal | met |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ what, measured, goal, met }) => `| ${what} | ${measured} | ${goal} | ${met ? 'yes' : 'no'} |`,
    ),
  ].join('\n');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `5,912 (5,804-6,020)`: the median and the range. */
export function ranged({ median, min, max }: Spread, shown: (value: number) => string = count): string {
  return `${shown(median)} (${shown(min)}-${shown(max)})`;
}

/** Milliseconds. */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** Progress, for people: data go to standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What is measured; a copy without its history has no commit. */
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
