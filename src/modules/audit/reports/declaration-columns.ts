import type { Instant } from '../../../kernel/clock.ts';
import { DAY_MS } from '../../../kernel/clock.ts';
import type { Declaration, DeclarationState } from '../../declarations/index.ts';
import type { AuditRow } from '../row.ts';

/** The columns that say which declaration a row is about. */
export const DECLARATION_COLUMNS = ['reference', 'status', 'lines'] as const;

/** What a row says of the declaration that it is about. */
export function aboutDeclaration({
  org,
  reference,
  state,
  content,
}: Declaration): Pick<AuditRow, 'org' | 'destination' | 'facts'> {
  const facts = { reference, status: state, lines: content.lines.length };
  return { org, destination: content.consignment.destination, facts };
}

const VOID: ReadonlySet<DeclarationState> = new Set(['withdrawn', 'refused', 'expired']);

/** False for a declaration that says nothing any more: it was withdrawn, refused, or has expired. */
export function isValid({ state }: Declaration): boolean {
  return !VOID.has(state);
}

/** Whole days from one instant to another. */
export function daysBetween(earlier: Instant, later: Instant): number {
  return Math.floor((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
}
