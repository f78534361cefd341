import { Failure } from '../../kernel/failure.ts';
import type { Report } from './report.ts';
import { activityAfterIncident } from './reports/activity-after-incident.ts';
import { confusableTwins } from './reports/confusable-twins.ts';
import { exportedTwice } from './reports/exported-twice.ts';
import { listedParties } from './reports/listed-parties.ts';
import { lookupPatterns } from './reports/lookup-patterns.ts';
import { overdueArrivals } from './reports/overdue-arrivals.ts';
import { partsWithoutPress } from './reports/parts-without-press.ts';
import { regimeCompleteness } from './reports/regime-completeness.ts';
import { serialGaps } from './reports/serial-gaps.ts';
import { severalExporters } from './reports/several-exporters.ts';
import { splitKits } from './reports/split-kits.ts';
import { summaries } from './reports/summaries.ts';
import { unverifiedDeclarations } from './reports/unverified-declarations.ts';

/** Every report there is. */
export const REPORTS: readonly Report[] = [
  severalExporters,
  exportedTwice,
  confusableTwins,
  activityAfterIncident,
  partsWithoutPress,
  splitKits,
  serialGaps,
  overdueArrivals,
  unverifiedDeclarations,
  listedParties,
  regimeCompleteness,
  lookupPatterns,
  ...summaries,
];

/** @throws Failure `not-found` */
export function reportOf(name: string): Report {
  const report = REPORTS.find((each) => each.name === name);
  if (report === undefined) throw new Failure('not-found', 'not-found', 'There is no such report.');
  return report;
}
