import { Failure } from '../../kernel/failure.ts';
import type { Report } from './report.ts';
import { severalExporters } from './reports/several-exporters.ts';

/** Every report there is. */
export const REPORTS: readonly Report[] = [severalExporters];

/** @throws Failure `not-found` */
export function reportOf(name: string): Report {
  const report = REPORTS.find((each) => each.name === name);
  if (report === undefined) throw new Failure('not-found', 'not-found', 'There is no such report.');
  return report;
}
