import type { Actor } from '../../kernel/actor.ts';
import { Failure, isFailure } from '../../kernel/failure.ts';
import type { Line, Route } from '../../platform/http/index.ts';
import {
  actorOf,
  compileShape,
  NDJSON_TYPE,
  ndjsonLines,
  parseJson,
  writeNdjson,
} from '../../platform/http/index.ts';
import { bulkLookupAnswer, lookupQuery } from './lookup.schema.ts';
import type { LookupService } from './lookup.service.ts';
import type { LookupQuery } from './lookup.ts';
import { answerView } from './lookup-view.ts';

const LIMITS = { maxLines: 100_000, maxLineBytes: 4_096, maxBytes: 64 * 1024 * 1024 };
const MAX_DEPTH = 2;
/** So many look-ups are answered together, and share a disk sync for their log entries. */
const TOGETHER = 128;
const checkLine = compileShape(lookupQuery, 'body');

/** The call that looks many serials up: a line in, a line out, in order. */
export function bulkLookupRoute({ lookup }: { lookup: LookupService }): Route {
  return {
    method: 'post',
    path: '/v1/lookups',
    operationId: 'lookUpMany',
    action: 'lookup.many',
    tag: 'Look-up',
    summary: 'Look up to 100,000 serials up: one JSON object a line in, one result a line out, in order',
    description:
      'Each line is an object with the parameters of GET /v1/lookup. Each result has its `line`; a line that can not be read has a `problem` instead of an answer, and the next one goes on.',
    body: { stream: [NDJSON_TYPE], maxBytes: LIMITS.maxBytes },
    untimed: true,
    answers: { 200: { description: 'A result a line', schema: bulkLookupAnswer, mediaType: NDJSON_TYPE } },
    async handle(call) {
      const actor = actorOf(call);
      const { response } = call;
      const begin = () => {
        if (!response.headersSent)
          response.writeHead(200, { 'content-type': NDJSON_TYPE, 'cache-control': 'no-store' });
      };
      let group: Line[] = [];
      const flush = async (): Promise<boolean> => {
        const results = await call.inTurn(() => resultsOf(lookup, actor, group));
        group = [];
        begin();
        return writeNdjson(response, results);
      };
      try {
        for await (const line of ndjsonLines(call.request, LIMITS)) {
          group.push(line);
          if (group.length === TOGETHER && !(await flush())) return { streamed: true };
        }
        await flush();
      } catch (error) {
        if (!response.headersSent || !isFailure(error)) throw error;
        await flush();
        await writeNdjson(response, [{ problem: problemOf(error) }]);
      }
      response.end();
      return { streamed: true };
    },
  };
}

async function resultsOf(lookup: LookupService, actor: Actor, lines: readonly Line[]): Promise<object[]> {
  const found = await lookup.lookUpAll(actor, lines.map(queryOf), othersRan);
  return found.map((one, index) => {
    const line = lines[index]?.line;
    return one instanceof Failure ? { line, problem: problemOf(one) } : { line, ...answerView(one, actor) };
  });
}

function queryOf(line: Line): LookupQuery | Failure {
  try {
    if ('fault' in line)
      throw new Failure('invalid', 'line-unreadable', line.fault.message, { faults: [line.fault] });
    return checkLine(parseJson(line.text, { maxDepth: MAX_DEPTH })) as LookupQuery;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error;
  }
}

function othersRan(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function problemOf({ code, message, faults }: Failure): object {
  return { code, detail: message, ...(faults.length === 0 ? {} : { errors: faults }) };
}
