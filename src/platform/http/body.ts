import type { IncomingMessage } from 'node:http';
import { Failure } from '../../kernel/failure.ts';

/** The most of an unwanted body that is read away so that the client gets to see the answer. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
const CHARSET = /^charset="?utf-?8"?$/i;

/** Whether a request brings content (RFC 9112 section 6.3). */
export function hasContent(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * @throws Failure `unsupported-media` unless the content is one of `accepted`, in UTF-8, not compressed;
 * `body-too-large` when its declared length is more than `maxBytes`
 */
export function checkContent(request: IncomingMessage, accepted: readonly string[], maxBytes: number): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';');
  const isAccepted = accepted.includes(type.trim().toLowerCase());
  if (!isAccepted || !parameters.every((parameter) => CHARSET.test(parameter.trim()))) {
    const message = `The body must be ${accepted.join(' or ')} in UTF-8, and Content-Type must say so.`;
    throw new Failure('unsupported-media', 'content-type-unsupported', message);
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    throw new Failure(
      'unsupported-media',
      'content-encoding-unsupported',
      'The body must not be compressed.',
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

/**
 * The whole body, never more than `maxBytes` of it in memory.
 * @throws Failure `body-too-large`; `body-incomplete` (malformed) when the client stops half-way; `body-too-slow` when
 * it hasn't arrived within `withinMs`
 */
export function readBody(request: IncomingMessage, maxBytes: number, withinMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => settle(() => reject(tooSlow(withinMs))), withinMs);
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: () => void): void => {
      clearTimeout(late);
      request.off('data', onData).off('end', onEnd).off('close', onStop).off('error', onStop);
      // A stream that fails later still needs someone who listens.
      request.on('error', () => undefined);
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) settle(() => reject(tooLarge(maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(joined(chunks)));
    const onStop = (): void =>
      settle(() => reject(new Failure('malformed', 'body-incomplete', 'The body ends too early.')));
    request.on('data', onData).on('end', onEnd).on('close', onStop).on('error', onStop);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}

/** Reads away what the client is still sending; cuts it off when that is too much. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.socket.destroy();
  });
  request.on('error', () => undefined);
  request.resume();
}

function tooSlow(withinMs: number): Failure {
  return new Failure('too-slow', 'body-too-slow', `The body did not arrive within ${withinMs / 1000} s.`);
}

function tooLarge(maxBytes: number): Failure {
  return new Failure('too-large', 'body-too-large', `The body is larger than ${maxBytes} bytes.`);
}
