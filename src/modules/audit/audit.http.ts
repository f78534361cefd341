import { Failure } from '../../kernel/failure.ts';
import type { Call, Reply, Route } from '../../platform/http/index.ts';
import { NDJSON_TYPE, route, writeText } from '../../platform/http/index.ts';
import { auditRow, queryOf, reportsAnswer } from './audit.schema.ts';
import type { AuditBeginning, AuditPiece, AuditService } from './audit.service.ts';
import { csvHead, csvLine, jsonLine } from './audit-text.ts';
import type { AuditSettings, Report } from './report.ts';

const CSV_TYPE = 'text/csv';
const TYPES = [NDJSON_TYPE, CSV_TYPE] as const;
const HOW_IT_COMES =
  'Rows come as they are found, each with the `cursor` that goes on after it. The last line of NDJSON is `{"end":{"rows":…}}`.';
/** Of all records: so much is read between two lines that say how far a report has come. */
const PROGRESS_STEP = 0.02;

interface Asked extends AuditSettings {
  readonly progress?: boolean;
  readonly cursor?: string;
}

/** How a report is written in one media type: a piece of text for each moment of it. */
interface Writer {
  begin(beginning: AuditBeginning): string;
  piece(piece: AuditPiece): string;
  end(): string;
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
        summary: `${report.title}: NDJSON, or CSV by \`Accept\``,
        description: `${report.description} ${HOW_IT_COMES}`,
        query: queryOf(report),
        untimed: true,
        answers: {
          200: { description: 'A row a line', schema: auditRow, mediaType: NDJSON_TYPE, alsoAs: [CSV_TYPE] },
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
  const writer = writers[type](report, progress);
  // Nothing is sent before the first piece is there: until then it can still be said what is wrong.
  let head = '';
  const send = async (text: string): Promise<boolean> => {
    if (!response.headersSent) {
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
  if (whole && (await send(writer.end()))) response.end();
  return { streamed: true };
}

/** @throws Failure `not-acceptable` */
function typeAsked(call: Pick<Call, 'request'>): (typeof TYPES)[number] {
  const asked = call.request.accepts(...TYPES);
  const type = TYPES.find((each) => each === asked);
  if (type !== undefined) return type;
  throw new Failure('not-acceptable', 'not-acceptable', `A report can be had as ${TYPES.join(' or ')}.`);
}

const writers: Readonly<Record<(typeof TYPES)[number], (report: Report, progress: boolean) => Writer>> = {
  [NDJSON_TYPE]: (_report, progress) => {
    let rows = 0;
    let total = 0;
    let told = 0;
    return {
      begin(beginning) {
        ({ total } = beginning);
        return '';
      },
      piece({ rows: found, read, cursor }) {
        rows += found.length;
        const lines = found.map(({ row, cursor: after }) => jsonLine(row, after)).join('');
        if (!progress || read - told < total * PROGRESS_STEP) return lines;
        told = read;
        return `${lines}${JSON.stringify({ progress: { read, of: total }, cursor })}\n`;
      },
      end: () => `${JSON.stringify({ end: { rows } })}\n`,
    };
  },
  [CSV_TYPE]: (report) => ({
    begin: () => csvHead(report),
    piece: ({ rows }) => rows.map(({ row, cursor }) => csvLine(report, row, cursor)).join(''),
    end: () => '',
  }),
};

function reportView({ name, title, description, columns, heeds, defaults }: Report) {
  return { name, title, description, columns, heeds, defaults };
}

function operationOf({ name }: Report): string {
  return `audit${name.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())}`;
}
