import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createRefuser } from '../../../src/platform/http/refusals.ts';

/** A server that refuses everything; says how many refusals were sent without waiting. */
async function openServer() {
  const refuse = createRefuser();
  let atOnce = 0;
  let slowly = false;
  const server = createServer((request, response) => {
    if (slowly) {
      const { writeHead } = response;
      response.writeHead = function (...args: Parameters<typeof writeHead>) {
        // As if it took much time to send.
        for (const until = performance.now() + 20; performance.now() < until;);
        return writeHead.apply(response, args);
      } as typeof writeHead;
    }
    refuse({ request, response, reason: 'overloaded' });
    if (response.headersSent) atOnce += 1;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ask: (signal?: AbortSignal) => fetch(`http://127.0.0.1:${port}`, signal === undefined ? {} : { signal }),
    countAtOnce: () => atOnce,
    slowDown: () => (slowly = true),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('refusals', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeEach(async () => {
    server = await openServer();
  });
  afterEach(() => server.close());

  it('are sent at once', async () => {
    const { status, headers } = await server.ask();
    expect([status, headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect(server.countAtOnce()).to.equal(1);
  });

  it('wait when they have taken up their share of the time, and all are sent in the end', async () => {
    server.slowDown();
    const answers = await Promise.all(Array.from({ length: 4 }, () => server.ask()));
    expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 503, 503]);
    expect(server.countAtOnce()).to.equal(1);
  });

  it('are not sent to clients that left', async () => {
    server.slowDown();
    await server.ask();
    const leaving = new AbortController();
    const left = server.ask(leaving.signal).catch(() => 'left');
    leaving.abort();
    expect(await left).to.equal('left');
    expect((await server.ask()).status).to.equal(503);
  });
});
