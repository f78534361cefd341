import type { Instant } from '../../src/kernel/clock.ts';
import type { RefusedFiling, RefusedFilingStore } from '../../src/modules/declarations/index.ts';
import type { LookupLog, LookupLogEntry } from '../../src/modules/lookup/index.ts';

/** What is kept: a text, so that nobody shares an object with the store, by the id of what it says. */
export type LogRecords = Map<string, string>;

const KEPT_PER_ORG = 1_000;

/** The look-up log as a double that keeps its entries in this process. */
export function createMemoryLookupLog(records: LogRecords): LookupLog {
  return {
    async add(entry) {
      keep(records, entry.lookupId, entry);
    },
    async list({ org, case: caseRef, since, until, after, limit }) {
      const asked = [...records.values()]
        .map((text) => JSON.parse(text) as LookupLogEntry)
        .filter(
          (entry) =>
            (org === undefined || entry.org === org) &&
            (caseRef === undefined || entry.case === caseRef) &&
            (since === undefined || entry.at >= since) &&
            (until === undefined || entry.at <= until) &&
            (after === undefined || isAfter(entry.at, entry.lookupId, after.at, after.lookupId)),
        );
      return asked.sort((a, b) => (isAfter(a.at, a.lookupId, b.at, b.lookupId) ? 1 : -1)).slice(0, limit);
    },
    async count() {
      return records.size;
    },
  };
}

/** Refused filings as a double that keeps them in this process. */
export function createMemoryRefusedFilingStore(records: LogRecords): RefusedFilingStore {
  const latestFirst = (org?: string): RefusedFiling[] =>
    [...records.values()]
      .map((text) => JSON.parse(text) as RefusedFiling)
      .filter((refused) => org === undefined || refused.org === org)
      .sort((a, b) => (isAfter(a.at, a.id, b.at, b.id) ? -1 : 1));
  const perOrg = new Map<string, number>();

  return {
    async add(refused) {
      const { id, org } = refused;
      if (!keep(records, id, refused)) return;
      const kept = (perOrg.get(org) ?? 0) + 1;
      perOrg.set(org, kept);
      if (kept <= KEPT_PER_ORG) return;
      for (const old of latestFirst(org).slice(KEPT_PER_ORG)) records.delete(old.id);
    },
    async count() {
      return records.size;
    },
    async list({ org, after, limit }) {
      return latestFirst(org)
        .filter((one) => after === undefined || isAfter(after.at, after.id, one.at, one.id))
        .slice(0, limit);
    },
  };
}

/** False when it is there already, and then nothing changes. */
function keep(records: LogRecords, id: string, entry: object): boolean {
  if (records.has(id)) return false;
  records.set(id, JSON.stringify(entry));
  return true;
}

function isAfter(at: Instant, id: string, otherAt: Instant, otherId: string): boolean {
  return at === otherAt ? id > otherId : at > otherAt;
}
