import type { Api } from '../support/app.ts';
import { until } from '../support/app.ts';
import { createShown } from './shown.ts';
import type { Shown } from './shown.ts';
import { parsedBody, renderedJson } from './rendered-json.ts';

/** A request in a document and the answer that follows it. */
interface Example {
  readonly request: Message;
  readonly answer: Message;
}

interface Message {
  /** `POST /v1/declarations`, or `HTTP/1.1 201`. */
  readonly start: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Where it stands in the document. */
  readonly from: number;
  readonly to: number;
}

/** Headers that documents show; the others are the same everywhere or never the same. */
const HEADERS_SHOWN = [
  'Content-Type',
  'Location',
  'Idempotent-Replayed',
  'Link',
  'Content-Disposition',
  'Allow',
  'WWW-Authenticate',
];
const FENCE = '```http\n';
const BLOCK = /^```http\n([^]*?)\n```$/gm;

/**
 * Sends every request of a document's `http` blocks, in order, and answers the document as it would be with today's
 * answers: the same text when nothing differs.
 * @param tokens by the name that stands in an Authorization header, such as `$EXPORTER`
 */
export async function replayed(
  document: string,
  api: Api,
  tokens: Readonly<Record<string, string>>,
): Promise<{ readonly document: string; readonly examples: number }> {
  const shown = createShown();
  const examples = examplesOf(document);
  let today = '';
  let copied = 0;
  for (const { request, answer } of examples) {
    const text = await answerTo(request, answer, { api, tokens, shown });
    today += document.slice(copied, answer.from) + text;
    copied = answer.to;
  }
  return { document: today + document.slice(copied), examples: examples.length };
}

function examplesOf(document: string): Example[] {
  const blocks = [...document.matchAll(BLOCK)].map((found) => messageOf(found[1] ?? '', found.index));
  const examples: Example[] = [];
  for (let index = 0; index < blocks.length; index += 2) {
    const [request, answer] = [blocks[index], blocks[index + 1]];
    if (request === undefined || !/^(GET|POST) \//.test(request.start)) {
      throw new Error(`not a request: ${request?.start}`);
    }
    if (answer?.start.startsWith('HTTP/1.1') !== true) throw new Error(`no answer to ${request.start}`);
    examples.push({ request, answer });
  }
  return examples;
}

function messageOf(text: string, blockAt: number): Message {
  const from = blockAt + FENCE.length;
  const [head = '', ...rest] = text.split('\n\n');
  const [start = '', ...fields] = head.split('\n');
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  return { start, headers: new Map(headers), body: rest.join('\n\n'), from, to: from + text.length };
}

interface Replay {
  readonly api: Api;
  readonly tokens: Readonly<Record<string, string>>;
  readonly shown: Shown;
}

/** What the document should show as the answer. */
async function answerTo(request: Message, documented: Message, replay: Replay): Promise<string> {
  const { shown } = replay;
  const response = await settledResponse(request, documented, replay);
  const type = response.headers.get('content-type') ?? '';
  const headers = HEADERS_SHOWN.flatMap((name) => {
    const value = response.headers.get(name);
    const before = documented.headers.get(name.toLowerCase());
    return value === null ? [] : [`${name}: ${String(shown.value(before, value))}`];
  });
  const head = [`HTTP/1.1 ${response.status}`, ...headers].join('\n');
  const body = shownBody(type, response.text, documented.body, shown);
  return body === '' ? head : `${head}\n\n${body}`;
}

/** Asks again for as long as a declaration is not yet in the state that the document shows, or an import or a run not at its end. */
async function settledResponse(request: Message, documented: Message, { api, tokens, shown }: Replay) {
  const [method = '', path = ''] = request.start.split(' ');
  const headers = Object.fromEntries(
    [...request.headers].map(([name, value]) => [
      name,
      value.replace(/\$[A-Z]+/, (name) => tokens[name] ?? name),
    ]),
  );
  const raw = request.body === '' ? {} : { raw: shown.actual(request.body) };
  const call = () => api.call<Progress | null>(method, shown.actual(path), { headers, ...raw });
  if (path.startsWith('/v1/export')) {
    return until(async () => {
      const response = await call();
      return response.status !== 200 || hasSettled(response.text, documented.body) ? response : null;
    });
  }
  const awaited = parsedBody(documented.body) as Progress | undefined;
  if (method === 'GET' && (awaited?.rowsRead ?? awaited?.finishedAt) !== undefined) {
    return until(async () => {
      const response = await call();
      return response.body?.finishedAt === undefined ? null : response;
    });
  }
  if (method !== 'GET' || awaited?.version === undefined) return call();
  const { version } = awaited;
  return until(async () => {
    const response = await call();
    const settled = response.body?.status !== 'filed' && (response.body?.version ?? version) >= version;
    return settled ? response : null;
  });
}

/** Whether all that is exported has been checked, and no event that the document counts is still to come. */
function hasSettled(text: string, documented: string): boolean {
  const events = (of: string): number => Number(/"events":(\d+)/.exec(of)?.[1] ?? 0);
  return !text.includes('"status":"filed","version"') && events(text) >= events(documented);
}

interface Progress {
  readonly status?: string;
  readonly version?: number;
  /** Of an import. */
  readonly rowsRead?: number;
  /** Of an import, or of a run of a report. */
  readonly finishedAt?: string;
}

function shownBody(type: string, text: string, documented: string, shown: Shown): string {
  if (/json$/.test(type) && !/ndjson$/.test(type)) {
    return renderedJson(shown.value(parsedBody(documented), JSON.parse(text)));
  }
  if (/ndjson$/.test(type)) return linesOfEnds(text, documented, shown);
  if (type.startsWith('text/plain')) return linesStillThere(text, documented);
  return `(a file of the type ${type})`;
}

/** Lines of JSON; a line `…` stands for those between the first and the last ones. */
function linesOfEnds(text: string, documented: string, shown: Shown): string {
  const before = documented.split('\n');
  const lines = text.trimEnd().split('\n');
  const cut = before.indexOf('…');
  const left = lines.length - before.length + 1;
  const isCut = cut >= 0 && left > 0;
  const kept = isCut ? lines.toSpliced(cut, left) : lines;
  const told = isCut ? before.toSpliced(cut, 1) : before;
  const today = kept.map((line, index) =>
    JSON.stringify(shown.value(parsedBody(told[index] ?? ''), JSON.parse(line))),
  );
  return (isCut ? today.toSpliced(cut, 0, '…') : today).join('\n');
}

/** A few lines of a long text, each of them only while it is in the answer; `…` stands for the others. */
function linesStillThere(text: string, documented: string): string {
  const lines = new Set(text.split('\n'));
  return documented
    .split('\n')
    .filter((line) => line === '…' || lines.has(line))
    .join('\n');
}
