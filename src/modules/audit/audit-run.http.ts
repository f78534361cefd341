import { encodeCursor } from '../../kernel/cursor.ts';
import type { Route } from '../../platform/http/index.ts';
import { actorOf, idParams, nextLink, page, pageAsked, route } from '../../platform/http/index.ts';
import type { RowOutcome } from './audit-run-rows.ts';
import * as shapes from './audit-run.schema.ts';
import type { AuditRunService, RunRowPosition } from './audit-run.service.ts';
import { runRowView, runView } from './audit-run-view.ts';
import type { AuditSettings } from './report.ts';

/** Runs of reports whose rows are kept, each told apart from the one before. */
export function auditRunRoutes({ auditRuns }: { auditRuns: AuditRunService }): Route[] {
  const tag = 'Audit';
  return [
    route<{ body: AuditSettings & { report: string } }>({
      method: 'post',
      path: '/v1/audit-runs',
      operationId: 'startAuditRun',
      action: 'audit-run.start',
      tag,
      summary: 'Run a report in the background and keep its rows',
      description:
        'The answer means that it will be run; its `Location` tells how far it has come. While a run of the report with the same settings waits or is under way, the answer is that one.',
      body: { schema: shapes.runBody },
      answers: { 202: { description: 'It will be run', schema: shapes.runAnswer } },
      async handle(call) {
        const { report, ...settings } = call.body;
        const run = await auditRuns.start(actorOf(call), { report, settings });
        return { status: 202, body: runView(run), headers: { location: `/v1/audit-runs/${run.id}` } };
      },
    }),
    route<{ query: { report?: string } }>({
      method: 'get',
      path: '/v1/audit-runs',
      operationId: 'listAuditRuns',
      action: 'audit-run.read',
      tag,
      summary: 'Runs of all reports or of one, latest first',
      query: shapes.runsQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.runsAnswer },
      },
      async handle(call) {
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const { report } = call.query;
        const found = await auditRuns.list({
          ...(report === undefined ? {} : { report }),
          ...(after === null ? {} : { after: { createdAt: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, found, limit, ({ createdAt, id }) => [createdAt, id]);
        return { status: 200, body: { runs: shown.map(runView) }, headers };
      },
    }),
    route<{ params: { id: string } }>({
      method: 'get',
      path: '/v1/audit-runs/{id}',
      operationId: 'getAuditRun',
      action: 'audit-run.read',
      tag,
      summary: 'How far a run has come, what it found, and how that differs from the run before',
      params: idParams,
      answers: { 200: { description: 'The run', schema: shapes.runAnswer } },
      async handle(call) {
        return { status: 200, body: runView(await auditRuns.get(call.params.id)) };
      },
    }),
    route<{ params: { id: string }; query: { outcome?: RowOutcome } }>({
      method: 'get',
      path: '/v1/audit-runs/{id}/rows',
      operationId: 'listAuditRunRows',
      action: 'audit-run.read',
      tag,
      summary: 'What is new since the run before, what is gone, or all',
      params: idParams,
      query: shapes.runRowsQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.runRowsAnswer },
      },
      async handle(call) {
        const { outcome = 'new' } = call.query;
        const { limit, after } = pageAsked(call, ['number', 'number']);
        const position: RunRowPosition = after === null ? [0, 0] : [Number(after[0]), Number(after[1])];
        const { rows, next } = await auditRuns.rows(call.params.id, { outcome, after: position, limit });
        const headers = next === null ? {} : nextLink(call, encodeCursor(next));
        return { status: 200, body: { rows: rows.map(runRowView) }, headers };
      },
    }),
  ];
}
