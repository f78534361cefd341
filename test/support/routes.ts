import { createRegistry } from '../../src/main/registry.ts';
import { allRoutes } from '../../src/main/routes.ts';
import { scratchIn } from '../../src/main/scratch.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { systemRoutes } from '../../src/platform/http/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import type { LineInput } from '../../src/modules/declarations/declaration.ts';
import { REPORTS } from '../../src/modules/audit/reports.ts';
import { filing } from './declarations.ts';
import { createSeededRandom, createTestClock } from './times.ts';
import { catalogue } from './world.ts';

/** Every route of the registry, as data: none of them is called through this. */
export function everyRoute(): Route[] {
  const stores = openSqliteStores(':memory:', 'reg_routes');
  const registry = createRegistry({
    stores,
    catalogue,
    requests: { request: () => Promise.resolve() },
    clock: createTestClock(),
    random: createSeededRandom(),
    expiryDays: 180,
    deferred: () => undefined,
  });
  const audit = registry.audits(scratchIn('never-made', createSeededRandom()));
  const auditRuns = registry.auditRuns(audit, () => Promise.resolve());
  const parts = {
    registry,
    stores,
    audit,
    auditRuns,
    catalogue,
    publicUrl: 'http://localhost:8080',
    metrics: createMetrics(),
  };
  const routes = allRoutes({ ...parts, keepRefused: () => Promise.resolve() });
  void stores.close();
  const info = { title: 'Registry', version: '1', description: 'A registry.' };
  const ready = { ready: true, degraded: false, checks: {} };
  return [...routes, ...systemRoutes(routes, info, () => Promise.resolve(ready))];
}

const PARTY = {
  name: 'Harbour Pharma Pty Ltd',
  country: 'AU',
  address: '1 Quay Street, Sydney',
  id: 'ABN 11 222 333 444',
  phone: '+61 2 5550 0000',
  email: 'import@harbour.example',
};

const ITEM: Required<LineInput> = {
  kind: 'press',
  maker: 'PTK',
  model: 'ZP33',
  serial: 'ZP33-2025-00417',
  partOf: 'ZP33-2025-00418',
  condition: 'new',
  hs: '8479.89',
  stations: 33,
  capacityPerHour: 100_000,
  automation: 'automatic',
  marking: { method: 'engraved', position: 'rear panel' },
  year: 2025,
  value: { amount: 12_000.5, currency: 'USD' },
  description: 'As packed',
};

/** What a filing can hold, all of it. */
const CONTENT = {
  ...filing({ items: [ITEM] }),
  regime: 'TW',
  consignee: PARTY,
  endUser: PARTY,
  broker: PARTY,
  licence: { number: 'L-1', validUntil: '2037-01-01', issuedBy: 'BOFT' },
};
const { reference: _reference, ...AMENDABLE } = CONTENT;
const OCCASION = { occurredAt: '2026-01-02T03:04:05Z', port: 'TWKHH', reason: 'As seen' };

/** A good request of every route, by operation: each field and parameter that it can have has a value. */
export interface Sample {
  readonly body?: Readonly<Record<string, unknown>>;
  /** Sent as it is. */
  readonly raw?: string;
  readonly query?: Readonly<Record<string, string>>;
}

const PAGE = { limit: '5' };
/** What each report can be told. */
const TOLD = { days: '30', regime: 'TW' };

/** The same for the call of each report. */
export function ofReports<T>(facts: (heeds: readonly (keyof typeof TOLD)[]) => T): Record<string, T> {
  return Object.fromEntries(REPORTS.map(({ name, heeds }) => [operationOf(name), facts(heeds)]));
}

function operationOf(report: string): string {
  const words = report.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `audit${words.join('')}`;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  fileDeclaration: { body: CONTENT },
  listDeclarations: {
    query: { ...PAGE, status: 'verified', since: '2026-01-02T03:04:05Z', number: 'TW2026AAAAAAAAAAAAA' },
  },
  getDeclaration: {},
  getCertificate: {},
  getQrSvg: {},
  getQrPng: {},
  amendDeclaration: { body: { reason: 'New date', ...AMENDABLE } },
  withdrawDeclaration: { body: { reason: 'Cancelled' } },
  recordExit: { body: { ...OCCASION, number: 'TW2026AAAAAAAAAAAAA' } },
  recordArrival: { body: { ...OCCASION, outcome: 'arrived' } },
  decideDeclaration: { body: { decision: 'verified', reason: 'Seen' } },
  listReviews: { query: PAGE },
  listRefusedFilings: { query: PAGE },
  lookUp: { query: { serial: 'ZP33-2025-00417', maker: 'PTK', kind: 'press', case: 'C-1' } },
  lookUpMany: { raw: '{"serial":"ZP33-2025-00417"}\n' },
  importFile: { raw: '{"reference":"I-1"}\n', query: { onError: 'proceed', mapping: '{"No":"serial"}' } },
  listImports: { query: PAGE },
  getImport: {},
  listImportRows: { query: { ...PAGE, outcome: 'refused' } },
  getRefusedRowsCsv: {},
  getRefusedRowsNdjson: {},
  getImportTemplateCsv: {},
  getImportTemplateNdjson: {},
  getImportTemplateXlsx: {},
  exportRegister: { query: { org: 'acme' } },
  listLookups: { query: { ...PAGE, org: 'acme', case: 'C-1', since: '2026-01-02T03:04:05Z' } },
  listReports: {},
  ...ofReports((heeds) => ({
    query: { progress: 'true', ...Object.fromEntries(heeds.map((name) => [name, TOLD[name]])) },
  })),
  startAuditRun: { body: { report: 'several-exporters', days: 30, regime: 'TW' } },
  listAuditRuns: { query: { ...PAGE, report: 'several-exporters' } },
  getAuditRun: {},
  listAuditRunRows: { query: { ...PAGE, outcome: 'all' } },
  getItem: {},
  getItemHistory: { query: { ...PAGE, asOf: '2026-01-02T03:04:05Z' } },
  getRelatedItems: { query: PAGE },
  recordItemEvent: {
    body: {
      type: 'inspected',
      occurredAt: '2026-01-02T03:04:05Z',
      place: 'AUSYD',
      note: 'Opened',
      pressId: `itm_${'0'.repeat(26)}`,
      toOrg: 'rival',
      newSerial: 'ZP33-2025-00418',
      corrects: `evt_${'0'.repeat(26)}`,
      policeFile: 'P-1',
    },
  },
  getCatalogue: {},
  getMetrics: {},
  getHealth: {},
  getReadiness: {},
  getDescription: {},
};
