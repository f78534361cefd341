import type { RefusedFiling } from '../../src/modules/declarations/declaration.ports.ts';
import type { LookupLogEntry } from '../../src/modules/lookup/index.ts';
import { at } from './times.ts';

/** A logged look-up. Its id and time follow from `no`. */
export function lookupWith(no: number, facts: Partial<LookupLogEntry> = {}): LookupLogEntry {
  return {
    lookupId: `lkp_${String(no).padStart(5, '0')}`,
    at: at(no),
    sub: 'officer-1',
    org: 'au-border',
    role: 'customs',
    country: 'AU',
    serial: `zp33 ${no}`,
    verdict: 'unknown',
    itemIds: [],
    ...facts,
  };
}

/** A filing that was turned away. Its id and time follow from `no`. */
export function refusedWith(no: number, facts: Partial<RefusedFiling> = {}): RefusedFiling {
  return {
    id: `rfl_${String(no).padStart(5, '0')}`,
    org: 'acme',
    sub: 'clerk-1',
    at: at(no),
    reference: `INV-${no}`,
    code: 'declaration-invalid',
    faults: [{ field: 'items[0].serial', code: 'required', message: 'is required' }],
    body: '{}',
    ...facts,
  };
}
