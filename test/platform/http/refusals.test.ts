import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createRefuser } from '../../../src/platform/http/refusals.ts';

/** What sending a refusal takes by the commanded clock: more than may be spent at a stretch. */
const SENDING_MS = 20;
/** After so long by that clock, one more may be sent. */
const SHARE_OF_ONE_MS = 250;

/** A server that refuses everything, by a clock that moves when it sends and when a test says so. */
async function openServer() {
  let now = 0;
  let [atOnce, waiting, sent, left] = [0, 0, 0, 0];
  const refuse = createRefuser(() => now);
  const server = createServer((request, response) => {
    const { writeHead } = response;
    response.writeHead = function (...args: Parameters<typeof writeHead>) {
      now += SENDING_MS;
      sent += 1;
      return writeHead.apply(response, args);
    } as typeof writeHead;
    response.once('close', () => {
      if (!response.writableFinished) left += 1;
    });
    refuse({ request, response, reason: 'overloaded' });
    if (response.headersSent) atOnce += 1;
    else waiting += 1;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ask: (signal?: AbortSignal) => fetch(`http://127.0.0.1:${port}`, signal === undefined ? {} : { signal }),
    counts: () => ({ atOnce, sent, left, waiting }),
    pass: (ms = SHARE_OF_ONE_MS) => void (now += ms),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(1);
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
    expect(server.counts()).to.include({ atOnce: 1, waiting: 0 });
  });

  it('wait when they have taken up their share of the time, and all are sent in the end', async () => {
    const asked = Array.from({ length: 4 }, () => server.ask());
    await until(() => server.counts().waiting === 3);
    await delay(50);
    expect(server.counts()).to.include({ atOnce: 1, sent: 1 });
    for (const sent of [2, 3, 4]) {
      server.pass();
      await until(() => server.counts().sent === sent);
    }
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 503, 503]);
  });

  it('are all sent once they have waited for long, whatever that takes', async () => {
    const asked = Array.from({ length: 12 }, () => server.ask());
    await until(() => server.counts().waiting === 11);
    server.pass(1_600);
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 503)).to.have.length(12);
  });

  it('are not sent to clients that left', async () => {
    await server.ask();
    const leaving = new AbortController();
    const leaver = server.ask(leaving.signal).catch(() => 'left');
    await until(() => server.counts().waiting === 1);
    const other = server.ask();
    await until(() => server.counts().waiting === 2);
    leaving.abort();
    expect(await leaver).to.equal('left');
    await until(() => server.counts().left === 1);
    server.pass();
    expect((await other).status).to.equal(503);
    expect(server.counts().sent).to.equal(2);
  });
});
