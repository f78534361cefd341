import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../../src/config/config.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { shifted } from '../../src/kernel/clock.ts';
import { systemClock } from '../../src/main/clock.ts';
import { startRegistry } from '../../src/main/start.ts';
import { signDevelopmentToken } from '../../src/modules/access/index.ts';
import { EXPORTER } from './declarations.ts';
import type { Engine } from './engines.ts';
import { removeFolders, temporaryFolder } from './folders.ts';

export const OPERATOR: Actor = { sub: 'ops-1', role: 'operator', org: 'registry', country: 'TW' };

/** What was answered; `body` is the parsed JSON, null for anything else. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

export interface ProblemView {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The request id. */
  readonly instance?: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

export interface FiledView {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly items: readonly { itemId: string; line: number; kind: string; maker: string; serial: string }[];
}

export interface DeclarationView extends Omit<FiledView, 'items'> {
  readonly org: string;
  readonly number?: string;
  readonly version: number;
  readonly findings: readonly { code: string; level: string; because: string; evidence?: object }[];
  readonly ruleSet?: string;
  readonly moves: readonly {
    readonly no: number;
    readonly type: string;
    readonly status: string;
    readonly recordedAt: string;
    readonly by: { role: string };
    readonly reason?: string;
  }[];
  readonly items: readonly { itemId: string; line: number; serial: string; assignedMark: boolean }[];
}

export interface EventView {
  readonly eventId: string;
  readonly seq: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface LookupView {
  readonly lookupId: string;
  readonly line?: number;
  readonly verdict: string;
  readonly reasons: readonly { code: string; because: string }[];
  readonly matches: readonly {
    readonly item: { readonly itemId: string; readonly kind: string; readonly serial: string };
    readonly match: string;
    readonly score: number;
    readonly differences: readonly unknown[];
    readonly history: readonly EventView[];
  }[];
}

export interface Request {
  /** A token is made for an actor; a text is sent as the token that it is; without, there is none. */
  readonly as?: Actor | string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Idempotency-Key. */
  readonly key?: string;
}

export type Api = ReturnType<typeof createApi>;

/** Calls to the registry on `port`, with tokens of its development key in `dataDir`. */
export function createApi(port: number, dataDir: string) {
  const url = `http://127.0.0.1:${port}`;
  const tokens = new Map<string, string>();

  /** A token that the registry accepts. */
  function tokenOf(actor: Actor): string {
    const key = JSON.stringify(actor);
    const token = tokens.get(key) ?? signDevelopmentToken({ ...actor, ...ISSUED, dataDir });
    tokens.set(key, token);
    return token;
  }

  /** One whose hour is over. */
  const expiredTokenOf = (actor: Actor): string =>
    signDevelopmentToken({
      ...actor,
      ...ISSUED,
      dataDir,
      clock: { now: () => shifted(ISSUED.clock.now(), -2 * 3_600_000) },
    });

  async function call<T>(method: string, path: string, request: Request = {}): Promise<Answer<T>> {
    const { as, json, raw, headers = {}, key } = request;
    const token = as === undefined || typeof as === 'string' ? as : tokenOf(as);
    const body = raw ?? (json === undefined ? null : JSON.stringify(json));
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body,
    });
    const answered = await response.text();
    const isJson = /^application\/(problem\+)?json$/.test(response.headers.get('content-type') ?? '');
    const parsed: unknown = isJson ? JSON.parse(answered) : null;
    return { status: response.status, headers: response.headers, text: answered, body: parsed as T };
  }

  const get = <T>(path: string, as?: Actor): Promise<Answer<T>> =>
    call<T>('GET', path, as === undefined ? {} : { as });
  const post = <T>(path: string, as: Actor, json: unknown, key?: string): Promise<Answer<T>> =>
    call<T>('POST', path, { as, json, ...(key === undefined ? {} : { key }) });

  /** Files and expects it to be taken. */
  async function file(json: unknown, as: Actor = EXPORTER, key?: string): Promise<FiledView> {
    const answer = await post<FiledView>('/v1/declarations', as, json, key);
    if (answer.status !== 201) throw new Error(`not filed: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.body;
  }

  /** The declaration once it has been checked. */
  function checked(id: string, as: Actor = EXPORTER): Promise<DeclarationView> {
    return until(async () => {
      const { body } = await get<DeclarationView>(`/v1/declarations/${id}`, as);
      return body.status === 'filed' ? null : body;
    });
  }

  /** Every page of a list, in order, by its Link headers. */
  async function pages<T>(path: string, as: Actor): Promise<T[]> {
    const all: T[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Answer<T> = await get<T>(next, as);
      if (page.status !== 200) throw new Error(`${next}: ${page.status} ${page.text}`);
      all.push(page.body);
      next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    return all;
  }

  return { port, url, dataDir, tokenOf, expiredTokenOf, call, get, post, file, checked, pages };
}

const ISSUED = {
  expires: '1h',
  issuer: 'pill-press-registry',
  audience: 'pill-press-registry',
  clock: systemClock(),
};

/** A whole registry in this process, on a free port and a folder of its own, by default on SQLite. */
export async function startApp(
  environment: Readonly<Record<string, string>> = {},
  { logTo = '/dev/null', engine }: { logTo?: string; engine?: Engine } = {},
) {
  const dataDir = environment['DATA_DIR'] ?? temporaryFolder();
  const place = await engine?.prepare();
  const fixed = {
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    REQUEST_TIMEOUT_MS: '60000',
    DATA_DIR: dataDir,
    // At whatever time of day a test runs.
    AUDIT_SCHEDULE: 'off',
  };
  const config = readConfig({ ...fixed, ...place?.environment, ...environment });
  const running = await startRegistry(config, { verifyAnswers: true, logTo });
  return {
    ...createApi(running.api?.port ?? 0, dataDir),
    async close(): Promise<void> {
      await running.close();
      await place?.clean();
      removeFolders();
    },
    /** Leaves the data folder as it is. */
    closeAndKeep: () => running.close(),
  };
}

export type App = Awaited<ReturnType<typeof startApp>>;

/** Asks over and over until there is an answer; the test's own time limit is the only one. */
export async function until<T>(ask: () => Promise<T | null>, everyMs = 20): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await delay(everyMs);
  }
}

/** Sends bytes as they are, and no more; answers all that comes back until the connection is closed. */
export async function sendBytes(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.end(bytes);
  return text(socket).catch(() => '');
}
