import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect } from 'chai';
import { createGate, createPlaces } from '../../../src/platform/http/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';

const LIMITS = { maxExpectedWaitMs: 1e6, maxWaitMs: 1e6, maxWaitingOfClient: 1, maxWaiting: 1 };

/** A server behind a gate with one place and one to wait; what it handles is answered as a test says. */
async function openServer() {
  const onePlace = () => createPlaces({ ...LIMITS, atOnce: 1, perClient: 1 });
  const places = onePlace();
  const handled: ServerResponse[] = [];
  const seen: (() => void)[] = [];
  const refusals: string[] = [];
  const routes = [{ method: 'post', path: '/v1/many', untimed: true }] as unknown as Route[];
  const gate = createGate(
    {
      routes,
      requests: places,
      bodies: onePlace(),
      streams: onePlace(),
      probes: createPlaces({ ...LIMITS, atOnce: 2, perClient: 2 }),
      clientOf: ({ headers }: IncomingMessage) => headers.authorization ?? 'nobody',
      refused: (reason) => void refusals.push(reason),
    },
    (_request, response) => {
      handled.push(response);
      seen.shift()?.();
    },
  );
  const server = createServer(gate).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const get = (path: string, client: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: client } });
  /** Resolves when so many requests have reached the handler. */
  const reached = async (count: number) => {
    while (handled.length < count) await new Promise<void>((resolve) => seen.push(resolve));
  };
  const waits = async (count: number) => {
    while (places.waiting !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    port,
    places,
    get,
    reached,
    waits,
    handled,
    refusals,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('the gate in front of the API', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeEach(async () => {
    server = await openServer();
  });
  afterEach(() => server.close());

  it('lets one through, lets one wait, and refuses the rest with a problem and when to come again', async () => {
    const first = server.get('/v1/one', 'a');
    await server.reached(1);
    const second = server.get('/v1/one', 'a');
    await server.waits(1);
    const third = await server.get('/v1/one', 'a');
    expect([third.status, third.headers.get('retry-after')]).to.deep.equal([429, '1']);
    expect(third.headers.get('content-type')).to.equal('application/problem+json');
    expect(await third.json()).to.include({ code: 'client-busy', status: 429 });
    const other = await server.get('/v1/one', 'b');
    expect([other.status, other.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect(await other.json()).to.include({ code: 'overloaded', status: 503 });
    expect(server.refusals).to.deep.equal(['client-busy', 'overloaded']);
    server.handled[0]?.end('one');
    await server.reached(2);
    server.handled[1]?.end('two');
    expect(await (await first).text()).to.equal('one');
    expect(await (await second).text()).to.equal('two');
    expect([server.places.underWay, server.places.waiting]).to.deep.equal([0, 0]);
  });

  it('has places of their own for who asks how the process is', async () => {
    const held = server.get('/v1/one', 'a');
    await server.reached(1);
    const probes = ['/healthz', '/readyz?x=1'].map((path) => server.get(path, 'a'));
    await server.reached(3);
    for (const response of server.handled) response.end();
    expect((await Promise.all([held, ...probes])).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
  });

  it('has places of their own for long streams', async () => {
    const stream = server.get('/v1/many', 'a', { method: 'POST' });
    await server.reached(1);
    const single = server.get('/v1/one', 'a');
    await server.reached(2);
    for (const response of server.handled) response.end();
    expect((await Promise.all([stream, single])).map(({ status }) => status)).to.deep.equal([200, 200]);
  });

  it('takes the place back from a client that is gone, and the turn from one that waited', async () => {
    const ask = () => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
      socket.write('GET /v1/one HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\n\r\n');
      return socket;
    };
    const first = ask();
    await server.reached(1);
    const second = ask();
    await server.waits(1);
    second.destroy();
    await server.waits(0);
    first.destroy();
    while (server.places.underWay > 0) await new Promise((resolve) => setImmediate(resolve));
    const third = server.get('/v1/one', 'a');
    await server.reached(2);
    server.handled[1]?.end();
    expect((await third).status).to.equal(200);
  });

  it('takes the place back from an answer that breaks off', async () => {
    const broken = server.get('/v1/one', 'a').catch(() => 'broken');
    await server.reached(1);
    server.handled[0]?.destroy();
    expect(await broken).to.equal('broken');
    expect(server.places.underWay).to.equal(0);
  });

  it('does not wait for the long body of a request that it refuses', async () => {
    const first = server.get('/v1/one', 'a');
    await server.reached(1);
    const second = server.get('/v1/one', 'a');
    await server.waits(1);
    const refused = await server
      .get('/v1/one', 'a', { method: 'POST', body: 'x'.repeat(200_000) })
      .catch(() => null);
    if (refused !== null)
      expect([refused.status, refused.headers.get('connection')]).to.deep.equal([429, 'close']);
    expect(server.handled).to.have.length(1);
    server.handled[0]?.end();
    await server.reached(2);
    server.handled[1]?.end();
    await Promise.all([first, second]);
  });
});
