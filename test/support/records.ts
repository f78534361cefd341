import type { Stores } from '../../src/main/stores.ts';
import type { RefusedFiling } from '../../src/modules/declarations/index.ts';
import type { LookupLogEntry } from '../../src/modules/lookup/index.ts';
import type { ItemRecord } from '../../src/modules/register/index.ts';
import { EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import type { RunPart } from '../../src/modules/audit/audit.ports.ts';
import type { AuditRun } from '../../src/modules/audit/audit-run.ts';
import { newRun } from '../../src/modules/audit/audit-run.ts';
import type { Import, ImportPart } from '../../src/modules/imports/index.ts';
import { declarationWith, EXPORTER } from './declarations.ts';
import { chain, draftWith, itemWith } from './items.ts';
import { at } from './times.ts';

/** An item whose history has so many events. */
export function itemRecord(serial: string, events: number): ItemRecord {
  const item = itemWith({ serial });
  const entries = chain(Array.from({ length: events }, () => draftWith(item.itemId, 'inspected')));
  return { item, head: entries.at(-1)?.head ?? EMPTY_HEAD, events: entries.map(({ event }) => event) };
}

export function refusedFilingWith(no: number): RefusedFiling {
  return {
    id: `rfl_${String(no).padStart(5, '0')}`,
    org: no % 2 === 0 ? 'acme' : 'rival',
    sub: 'clerk-1',
    at: at(no),
    reference: null,
    code: 'declaration-invalid',
    faults: [{ field: 'items', code: 'required', message: 'is required' }],
    body: '{"$ne":"\u5E8F\u865F"}',
  };
}

export function lookupWith(no: number, facts: Partial<LookupLogEntry> = {}): LookupLogEntry {
  return {
    lookupId: `lkp_${String(no).padStart(6, '0')}`,
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

export function importWith(no: number, facts: Partial<Import> = {}): Import {
  return {
    id: `imp_${String(no).padStart(5, '0')}`,
    org: 'acme',
    by: EXPORTER,
    version: 1,
    status: 'waiting',
    format: 'csv',
    onError: 'rollback',
    mapping: {},
    createdAt: at(no),
    bytes: 100,
    sha256: '00'.repeat(32),
    rowsRead: 0,
    rowsAccepted: 0,
    rowsRefused: 0,
    declarationsFiled: 0,
    declarationsUnchanged: 0,
    doneUpTo: 0,
    tries: 0,
    dueAt: at(no),
    ...facts,
  };
}

export function importPartWith(no: number, facts: Partial<ImportPart> = {}): ImportPart {
  return { importId: 'imp_00001', kind: 'refused', no, content: Buffer.from(`[${no}]`), ...facts };
}

export function auditRunWith(no: number, facts: Partial<AuditRun> = {}): AuditRun {
  const id = `aud_${String(no).padStart(5, '0')}`;
  const report = facts.report ?? 'several-exporters';
  const run = newRun({ id, report, settings: {}, series: `${report} {}`, createdAt: at(no) });
  return { ...run, ...facts };
}

export function runPartWith(no: number, facts: Partial<RunPart> = {}): RunPart {
  return { runId: 'aud_00001', attempt: 1, kind: 'found', no, content: `[${no}]`, ...facts };
}

/**
 * Keeps a few records of every kind: 3 declarations, 40 items, 2 refused filings, 5 look-ups, 2 imports with 3 parts, 2
 * runs of a report with 3 parts.
 */
export async function fillStores(stores: Stores): Promise<void> {
  await stores.declarations.adopt([1, 2, 3].map((no) => declarationWith(no)));
  await stores.register.adopt(Array.from({ length: 40 }, (_, no) => itemRecord(`FILL-${no}-77`, no % 5)));
  for (const no of [1, 2]) await stores.refusedFilings.add(refusedFilingWith(no));
  for (const no of [1, 2, 3, 4, 5]) await stores.lookupLog.add(lookupWith(no));
  await stores.imports.adopt([importWith(1), importWith(2, { fileKey: 'fil_2', dueAt: null })]);
  await stores.importParts.add([importPartWith(1), importPartWith(2), importPartWith(1, { kind: 'file' })]);
  await stores.auditRuns.adopt([auditRunWith(1), auditRunWith(2, { status: 'completed', dueAt: null })]);
  await stores.auditRunParts.add([runPartWith(1), runPartWith(2), runPartWith(1, { kind: 'gone' })]);
}
