import type { Response } from 'express';
import { encodeCursor } from '../../kernel/cursor.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Call, Reply, Route } from '../../platform/http/index.ts';
import {
  actorOf,
  bodyChunks,
  idParams,
  NDJSON_TYPE,
  nextLink,
  page,
  pageAsked,
  parseJson,
  writeText,
} from '../../platform/http/index.ts';
import { COLUMN_BY_NAME } from './columns.ts';
import * as shapes from './import.schema.ts';
import { importView, rowView } from './import-view.ts';
import type { ImportService, RowPosition } from './import.service.ts';
import { FORMATS, TEXT_FORMATS } from './import.ts';
import type { Format, OnError, RefusedRow, TextFormat } from './import.ts';
import type { OutcomeKind } from './outcomes.ts';
import { refusedHead, refusedLine, template, templateRows } from './template.ts';
import { workbookOf } from './xlsx-template.xlsx.ts';

const CSV_TYPE = 'text/csv';
const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FORMAT_OF: Readonly<Record<string, Format>> = {
  [NDJSON_TYPE]: 'ndjson',
  [CSV_TYPE]: 'csv',
  [XLSX_TYPE]: 'xlsx',
};
const TYPE_OF: Readonly<Record<Format, string>> = {
  ndjson: NDJSON_TYPE,
  csv: CSV_TYPE,
  xlsx: XLSX_TYPE,
};
/** 4 GiB: ten million rows. */
const MAX_BYTES = 4 * 1024 ** 3;
const ROWS_AT_ONCE = 500;

/** The calls that take files of declarations in and tell what became of them. */
export function importRoutes({ imports }: { imports: ImportService }): Route[] {
  const tag = 'Imports';
  return [
    {
      method: 'post',
      path: '/v1/imports',
      operationId: 'importFile',
      action: 'import.file',
      tag,
      summary: 'Import a file of declarations, a row an item: NDJSON, CSV or XLSX',
      description:
        'Rows of one `reference` make one declaration, whatever their order. The answer means that the file is kept and will be imported; its `Location` tells how far that has come. The same file sent again is the same import.',
      query: shapes.importQuery,
      body: { stream: Object.keys(FORMAT_OF), maxBytes: MAX_BYTES },
      untimed: true,
      answers: { 202: { description: 'Kept; it will be imported', schema: shapes.importAnswer } },
      async handle(call) {
        const { onError = 'rollback', mapping } = call.query as { onError?: OnError; mapping?: string };
        const options = { format: formatOf(call), onError, mapping: mappingIn(mapping) };
        const received = await imports.receive(actorOf(call), options, {
          chunks: bodyChunks(call.request, MAX_BYTES),
          inTurn: (work) => call.inTurn(work),
        });
        const headers = {
          location: `/v1/imports/${received.import.id}`,
          ...(received.replayed ? { 'idempotent-replayed': 'true' } : {}),
        };
        return { status: 202, body: importView(received.import), headers };
      },
    },
    {
      method: 'get',
      path: '/v1/imports',
      operationId: 'listImports',
      action: 'import.read',
      tag,
      summary: 'Imports, latest first; an exporter sees its own',
      query: shapes.importsQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.importsAnswer },
      },
      async handle(call) {
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const found = await imports.list(actorOf(call), {
          ...(after === null ? {} : { after: { createdAt: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, found, limit, ({ createdAt, id }) => [createdAt, id]);
        const seen = shown.filter(({ status }) => status !== 'receiving');
        return { status: 200, body: { imports: seen.map(importView) }, headers };
      },
    },
    {
      method: 'get',
      path: '/v1/imports/{id}',
      operationId: 'getImport',
      action: 'import.read',
      tag,
      summary: 'How far an import has come',
      params: idParams,
      answers: { 200: { description: 'The import', schema: shapes.importAnswer } },
      async handle(call) {
        return { status: 200, body: importView(await imports.get(actorOf(call), idOf(call))) };
      },
    },
    {
      method: 'get',
      path: '/v1/imports/{id}/rows',
      operationId: 'listImportRows',
      action: 'import.read',
      tag,
      summary: 'What became of each row',
      params: idParams,
      query: shapes.rowsQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.rowsAnswer },
      },
      async handle(call) {
        const { outcome = 'refused' } = call.query as { outcome?: OutcomeKind };
        const { limit, after } = pageAsked(call, ['number', 'number']);
        const position: RowPosition = after === null ? [0, 0] : [Number(after[0]), Number(after[1])];
        const found = await imports.rows(actorOf(call), idOf(call), { outcome, after: position, limit });
        const { next } = found;
        const headers = next === null ? {} : nextLink(call, encodeCursor(next));
        return { status: 200, body: { rows: found.rows.map(rowView) }, headers };
      },
    },
    ...TEXT_FORMATS.map((format): Route => ({
      method: 'get',
      path: `/v1/imports/{id}/refused.${format}`,
      operationId: `getRefusedRows${capital(format)}`,
      action: 'import.read',
      tag,
      summary: `All refused rows as a file to be mended and sent again, in ${format.toUpperCase()}`,
      params: idParams,
      untimed: true,
      answers: {
        200: { description: 'The rows, each with what is wrong with it', mediaType: TYPE_OF[format] },
      },
      handle: (call) => sendRefused(imports, call, format),
    })),
    ...FORMATS.map((format): Route => ({
      method: 'get',
      path: `/v1/import-template.${format}`,
      operationId: `getImportTemplate${capital(format)}`,
      action: 'catalogue.read',
      tag,
      summary: `A file to fill in, with two rows as examples, in ${format.toUpperCase()}`,
      answers: { 200: { description: 'The template', mediaType: TYPE_OF[format] } },
      async handle() {
        const text = format === 'xlsx' ? await workbookOf(templateRows()) : template(format);
        const headers = { 'content-disposition': `attachment; filename="declarations.${format}"` };
        return { status: 200, text, mediaType: TYPE_OF[format], headers };
      },
    })),
  ];
}

async function sendRefused(imports: ImportService, call: Call, format: TextFormat): Promise<Reply> {
  const actor = actorOf(call);
  const { response } = call;
  let position: RowPosition | null = [0, 0];
  while (position !== null) {
    const after: RowPosition = position;
    const found = await call.inTurn(() =>
      imports.rows(actor, idOf(call), { outcome: 'refused', after, limit: ROWS_AT_ONCE }),
    );
    if (!response.headersSent) begin(response, format, idOf(call));
    const lines = found.rows.map((row) => refusedLine(format, row as RefusedRow)).join('');
    if (lines !== '' && !(await writeText(response, lines))) return { streamed: true };
    position = found.next;
  }
  response.end();
  return { streamed: true };
}

function begin(response: Response, format: TextFormat, id: string): void {
  response.writeHead(200, {
    'content-type': `${TYPE_OF[format]}; charset=utf-8`,
    'content-disposition': `attachment; filename="${id}-refused.${format}"`,
    'cache-control': 'no-store',
  });
  const head = refusedHead(format);
  if (head !== '') response.write(head);
}

function formatOf(call: Call): Format {
  const [type = ''] = (call.request.headers['content-type'] ?? '').split(';');
  const format = FORMAT_OF[type.trim().toLowerCase()];
  if (format === undefined) throw new Error('the media type was checked before');
  return format;
}

/** @throws Failure `mapping-invalid` */
function mappingIn(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const wrong = (message: string): Failure =>
    new Failure('invalid', 'mapping-invalid', 'The mapping can not be used.', {
      faults: [{ field: 'mapping', code: 'mapping-invalid', message }],
    });
  let value: unknown;
  try {
    value = shapes.checkMapping(parseJson(text, { maxDepth: 1 }));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw wrong(`must be a JSON object of at most 200 texts.`);
  }
  const mapping = value as Record<string, string>;
  const unknown = Object.values(mapping).find((name) => name !== '' && !COLUMN_BY_NAME.has(name));
  if (unknown !== undefined)
    throw wrong(`names ${JSON.stringify(unknown.slice(0, 60))}, which is no column.`);
  return mapping;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function idOf(call: Call): string {
  return (call.params as { id: string }).id;
}
