import type { Route } from '../../platform/http/index.ts';
import { actorOf, NDJSON_TYPE, writeText } from '../../platform/http/index.ts';
import { exportLine, exportQuery } from './export.schema.ts';
import type { ExportRequest, ExportService } from './export.service.ts';

/** The call that hands out the register, or one exporter's part of it. */
export function exportRoute({ exports, stalledMs }: { exports: ExportService; stalledMs?: number }): Route {
  return {
    method: 'get',
    path: '/v1/export',
    operationId: 'exportRegister',
    action: 'export.read',
    tag: 'Exports',
    summary:
      'Export the whole register, or one exporter’s data: a record a line, in parts with a SHA-256 each',
    description:
      'Declarations and items, each item with its history. About every thousand records a line tells the SHA-256 of those before it, and the `cursor` with which an export that was cut goes on there. The last line is a manifest of counts and a SHA-256 over all parts. An exporter gets its own data. Two exports run at a time.',
    query: exportQuery,
    untimed: true,
    answers: { 200: { description: 'The lines', schema: exportLine, mediaType: NDJSON_TYPE } },
    async handle(call) {
      const { response } = call;
      const opened = exports.open(actorOf(call), call.query as ExportRequest);
      try {
        for (;;) {
          const lines = await call.inTurn(() => opened.next());
          if (lines === null) break;
          if (!response.headersSent) {
            response.writeHead(200, { 'content-type': NDJSON_TYPE, 'cache-control': 'no-store' });
          }
          if (lines.length > 0 && !(await writeText(response, lines, stalledMs))) return { streamed: true };
        }
        response.end();
        return { streamed: true };
      } finally {
        opened.close();
      }
    },
  };
}
