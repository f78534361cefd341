import { Failure } from '../../kernel/failure.ts';
import type { Call, Reply, Route } from '../../platform/http/index.ts';
import { documentHeaders, NDJSON_TYPE, route, writeText } from '../../platform/http/index.ts';
import { auditRow, queryOf, reportsAnswer } from './audit.schema.ts';
import type { AuditService } from './audit.service.ts';
import type { Writer } from './audit-writers.ts';
import { createCsvWriter, createNdjsonWriter } from './audit-writers.ts';
import { createPageWriter } from './report-page.ts';
import { REPORT_STYLE_SOURCE } from './report-style.ts';
import type { AuditSettings, Report } from './report.ts';

const CSV_TYPE = 'text/csv';
const HTML_TYPE = 'text/html';
/** The first of them is what a client gets that takes anything. */
const TYPES = [NDJSON_TYPE, CSV_TYPE, HTML_TYPE] as const;
const HOW_IT_COMES =
  'Rows come as they are found, each with the `cursor` that goes on after it. The last line of NDJSON is `{"end":{"rows":…}}`. As HTML a report is a document to read and print: counts, plots and tables of all rows, and the first 1,000 of them; its last section begins `Complete.`';
const REPORT_HEADERS = documentHeaders(REPORT_STYLE_SOURCE);

interface Asked extends AuditSettings {
  readonly progress?: boolean;
  readonly cursor?: string;
}

/** The reports over the whole register. */
export function auditRoutes({ audit }: { audit: AuditService }): Route[] {
  const tag = 'Audit';
  return [
    {
      method: 'get',
      path: '/v1/audit',
      operationId: 'listReports',
      action: 'audit.read',
      tag,
      summary: 'The reports there are, and what each can be told',
      answers: { 200: { description: 'The reports', schema: reportsAnswer } },
      handle: () => ({ status: 200, body: { reports: audit.reports.map(reportView) } }),
    },
    ...audit.reports.map((report) =>
      route<{ query: Asked }>({
        method: 'get',
        path: `/v1/audit/${report.name}`,
        operationId: operationOf(report),
        action: 'audit.read',
        tag,
        summary: `${report.title}: NDJSON, or CSV or HTML by \`Accept\``,
        description: `${report.description} ${HOW_IT_COMES}`,
        query: queryOf(report),
        untimed: true,
        answers: {
          200: {
            description: 'A row a line, or a document',
            schema: auditRow,
            mediaType: NDJSON_TYPE,
            alsoAs: [CSV_TYPE, HTML_TYPE],
          },
          406: { description: 'None of the types that were asked for' },
        },
        handle: (call) => sendReport(audit, report, call),
      }),
    ),
  ];
}

async function sendReport(audit: AuditService, report: Report, call: Call<{ query: Asked }>): Promise<Reply> {
  const { response } = call;
  const type = typeAsked(call);
  const { progress = false, cursor, ...settings } = call.query;
  const writer = writerOf(type, report, { progress, isRest: cursor !== undefined });
  // Nothing is sent before the first piece is there: until then it can still be said what is wrong.
  let head = '';
  const send = async (text: string): Promise<boolean> => {
    if (!response.headersSent) {
      if (type === HTML_TYPE) for (const [name, value] of REPORT_HEADERS) response.setHeader(name, value);
      const headers = { 'cache-control': 'no-store', vary: 'accept' };
      response.writeHead(200, {
        'content-type': type === NDJSON_TYPE ? type : `${type}; charset=utf-8`,
        ...headers,
      });
    }
    const all = head + text;
    head = '';
    return all === '' ? !response.destroyed : writeText(response, all);
  };
  const request = { report: report.name, settings, ...(cursor === undefined ? {} : { cursor }) };
  const whole = await audit.run(request, {
    begin: (beginning) => void (head = writer.begin(beginning)),
    take: (piece) => send(writer.piece(piece)),
    inTurn: (work) => call.inTurn(work),
  });
  if (!whole || !(await send(''))) return { streamed: true };
  for (const text of writer.end()) if (!(await send(text))) return { streamed: true };
  response.end();
  return { streamed: true };
}

type MediaType = (typeof TYPES)[number];

function writerOf(
  type: MediaType,
  report: Report,
  { progress, isRest }: { progress: boolean; isRest: boolean },
): Writer {
  switch (type) {
    case NDJSON_TYPE:
      return createNdjsonWriter(progress);
    case CSV_TYPE:
      return createCsvWriter(report);
    case HTML_TYPE:
      return createPageWriter(report, isRest);
  }
}

/** @throws Failure `not-acceptable` */
function typeAsked(call: Pick<Call, 'request'>): MediaType {
  const asked = call.request.accepts(...TYPES);
  const type = TYPES.find((each) => each === asked);
  if (type !== undefined) return type;
  throw new Failure('not-acceptable', 'not-acceptable', `A report can be had as ${TYPES.join(' or ')}.`);
}

function reportView({ name, title, description, columns, heeds, defaults }: Report) {
  return { name, title, description, columns, heeds, defaults };
}

function operationOf({ name }: Report): string {
  return `audit${name.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())}`;
}
