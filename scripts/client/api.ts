import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';

/** Where the registry is, and who asks. */
export interface Access {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** How often a call is made while the registry is away or busy; from half a second on, waiting twice as long each time. */
  readonly tries: number;
}

/** The registry said no, or nothing. The message is for people. */
export class Refused extends Error {
  /** 0 when there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Before the second try; twice as long before each further one. */
export const FIRST_PAUSE_MS = 500;

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly type?: string;
  /** The media type that is asked for. */
  readonly accept?: string;
  readonly body?: Blob | string;
}

/**
 * One call; tried again while the registry is away or busy. Everything that is asked here can be asked twice.
 * @throws Refused
 */
export async function call(
  { url, token, tries: most }: Access,
  path: string,
  sent: Sent = {},
): Promise<Response> {
  const { method = 'GET', type, accept, body } = sent;
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(accept === undefined ? {} : { accept }),
      },
      ...(body === undefined ? {} : { body }),
    }).catch(
      (cause: unknown) => new Refused(0, `The registry at ${url} does not answer: ${reasonOf(cause)}.`),
    );
    if (response instanceof Response && response.ok) return response;
    const refused = response instanceof Response ? await refusalOf(response) : response;
    const isPassing = [0, 429, 503].includes(refused.status);
    if (!isPassing || tries >= most) throw refused;
    await delay(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

/** The JSON that a call answers. @throws Refused */
export async function ask<T>(access: Access, path: string, sent: Sent = {}): Promise<T> {
  return (await (await call(access, path, sent)).json()) as T;
}

export function bodyOf(response: Response): Readable {
  return Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
}

/** Whether an answer broke off on its way, so that it is worth asking again. */
export function isBroken(error: unknown): boolean {
  return (
    error instanceof Refused ||
    error instanceof TypeError ||
    (error as { code?: string }).code === 'UND_ERR_SOCKET'
  );
}

async function refusalOf(response: Response): Promise<Refused> {
  const said = await response.text();
  let detail = said.slice(0, 200);
  try {
    const problem = JSON.parse(said) as {
      detail?: string;
      errors?: { field: string; message: string }[];
    };
    const errors = (problem.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    detail = `${problem.detail ?? ''}${errors.join('')}`;
  } catch {
    // A proxy in between may say whatever it likes.
  }
  return new Refused(response.status, `The registry answers ${response.status}: ${detail}`);
}

function reasonOf(cause: unknown): string {
  const inner: unknown = cause instanceof Error ? (cause.cause ?? cause) : cause;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
