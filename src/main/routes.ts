import { auditRunRoutes } from '../modules/audit/audit-run.http.ts';
import { auditRoutes } from '../modules/audit/audit.http.ts';
import type { AuditRunService, AuditService } from '../modules/audit/index.ts';
import { catalogueRoutes } from '../modules/catalogue/catalogue.http.ts';
import type { Catalogue } from '../modules/catalogue/index.ts';
import { certificateRoutes } from '../modules/declarations/certificate.http.ts';
import { declarationRoutes, type DeclarationRouteParts } from '../modules/declarations/declaration.http.ts';
import { refusedFilingRoutes } from '../modules/declarations/refused-filing.http.ts';
import { exportRoute } from '../modules/exports/export.http.ts';
import { importRoutes } from '../modules/imports/import.http.ts';
import { bulkLookupRoute } from '../modules/lookup/bulk-lookup.http.ts';
import { lookupRoutes } from '../modules/lookup/lookup.http.ts';
import { itemRoutes } from '../modules/register/item.http.ts';
import { reviewRoutes } from '../modules/verification/verification.http.ts';
import type { Route } from '../platform/http/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import type { Registry } from './registry.ts';
import type { Stores } from './stores.ts';

export interface RouteParts {
  readonly registry: Registry;
  readonly stores: Stores;
  readonly audit: AuditService;
  readonly auditRuns: AuditRunService;
  readonly catalogue: Catalogue;
  readonly metrics: Metrics;
  /** Where people reach the registry. */
  readonly publicUrl: string;
  readonly keepRefused: DeclarationRouteParts['keepRefused'];
}

/** Every call of the API, the hottest first. */
export function allRoutes({
  registry,
  stores,
  audit,
  auditRuns,
  catalogue,
  metrics,
  publicUrl,
  keepRefused,
}: RouteParts): Route[] {
  const { declarations, imports, exports, verification, lookup, items } = registry;
  return [
    ...lookupRoutes({ lookup, log: stores.lookupLog }),
    bulkLookupRoute({ lookup }),
    ...declarationRoutes({ declarations, decide: verification.decide, keepRefused }),
    ...certificateRoutes({ declarations, publicUrl }),
    ...reviewRoutes({ declarations: stores.declarations }),
    ...itemRoutes({ items }),
    ...importRoutes({ imports }),
    ...auditRoutes({ audit }),
    ...auditRunRoutes({ auditRuns }),
    exportRoute({ exports }),
    ...refusedFilingRoutes({ refusedFilings: stores.refusedFilings }),
    ...catalogueRoutes({ catalogue }),
    metricsRoute(metrics),
  ];
}

function metricsRoute(metrics: Metrics): Route {
  return {
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    action: 'metrics.read',
    tag: 'Operation',
    unlimited: true,
    summary: 'Metrics in the text format of Prometheus',
    answers: { 200: { description: 'The metrics', mediaType: 'text/plain' } },
    async handle() {
      return { status: 200, text: await metrics.render(), mediaType: metrics.contentType };
    },
  };
}
