import { expect } from 'chai';
import {
  PUBLIC,
  NDJSON_TYPE,
  ndjsonLines,
  route,
  startServer,
  writeNdjson,
} from '../../../src/platform/http/index.ts';
import type { Line, LineLimits, RunningServer } from '../../../src/platform/http/index.ts';
import { exchange, sampleApp, sampleRoutes } from './support.ts';

const LIMITS: LineLimits = { maxLineBytes: 20, maxLines: 1_000, maxBytes: 100_000 };

describe('NDJSON', () => {
  let server: RunningServer;
  let produced = 0;
  let stopped: Promise<void>;

  before(async () => {
    let stop = (): void => undefined;
    stopped = new Promise((resolve) => (stop = resolve));
    const common = { tag: 'T', summary: 'S', action: PUBLIC, answers: {} };
    const echo = route({
      ...{ ...common, method: 'post', path: '/echo', operationId: 'echo', untimed: true },
      body: { stream: [NDJSON_TYPE], maxBytes: 100_000 },
      async handle({ request, response }) {
        const lines: Line[] = [];
        for await (const line of ndjsonLines(request, LIMITS)) lines.push(line);
        response.setHeader('Content-Type', NDJSON_TYPE);
        await writeNdjson(response, lines);
        response.end();
        return { streamed: true };
      },
    });
    const endless = route({
      ...{ ...common, method: 'get', path: '/endless', operationId: 'endless', untimed: true },
      async handle({ response }) {
        while (await writeNdjson(response, [{ filler: 'x'.repeat(10_000) }])) produced += 1;
        stop();
        return { streamed: true };
      },
    });
    server = await startServer(sampleApp({ ...sampleRoutes(), routes: [echo, endless] }), {
      host: '127.0.0.1',
      port: 0,
    });
  });
  after(() => server.close());

  async function echo(body: string | Uint8Array<ArrayBuffer>) {
    const answer = await fetch(`http://127.0.0.1:${server.port}/echo`, {
      method: 'POST',
      headers: { 'content-type': NDJSON_TYPE },
      body,
    });
    const text = await answer.text();
    if (answer.status !== 200)
      return { status: answer.status, code: (JSON.parse(text) as { code: string }).code };
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as { line: number; text?: string; fault?: { code: string } });
  }

  it('gives lines with their numbers, skipping empty ones, with or without a last newline', async () => {
    expect(await echo('{"a":1}\n\n \r\n{"b":"ä"}')).to.deep.equal([
      { line: 1, text: '{"a":1}' },
      { line: 4, text: '{"b":"ä"}' },
    ]);
  });

  it('names lines that are too long or not UTF-8 and goes on with the next', async () => {
    const broken = Buffer.concat([
      Buffer.from(`${'x'.repeat(5_000)}\n`),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('ok\n'),
    ]);
    const lines = await echo(new Uint8Array(broken));
    expect(lines).to.be.an('array').with.length(3);
    expect((lines as { fault?: { code: string } }[]).map(({ fault }) => fault?.code)).to.deep.equal([
      'line-too-long',
      'line-not-utf8',
      undefined,
    ]);
  });

  it('joins lines that arrive in pieces, also within a character', async () => {
    const head = `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${NDJSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const [first, second] = [Buffer.from('"ä"\n').subarray(0, 2), Buffer.from('"ä"\n').subarray(2)];
    const chunk = (bytes: Buffer) =>
      Buffer.concat([Buffer.from(`${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
    const bytes = Buffer.concat([Buffer.from(head), chunk(first), chunk(second), Buffer.from('0\r\n\r\n')]);
    expect(await exchange(server.port, bytes)).to.contain('{"line":1,"text":"\\"ä\\""}');
  });

  it('refuses too many lines, too many bytes and another type', async () => {
    expect(await echo('1\n'.repeat(1_001))).to.deep.equal({ status: 413, code: 'too-many-lines' });
    expect(await echo('1\n'.repeat(60_000))).to.deep.equal({ status: 413, code: 'body-too-large' });
    const answer = await fetch(`http://127.0.0.1:${server.port}/echo`, { method: 'POST', body: '1' });
    expect(answer.status).to.equal(415);
  });

  it('waits for a slow client and stops once it is gone', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/endless`);
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    await stopped;
    expect(produced).to.be.below(10_000);
  });
});
