import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import joi from 'joi';
import {
  createGate,
  createHttpApp,
  createPlaces,
  route,
  startServer,
} from '../../../src/platform/http/index.ts';
import type { HttpLimits } from '../../../src/platform/http/index.ts';
import { authorize, INFO } from './support.ts';

const LIMITS = { maxExpectedWaitMs: 1e6, maxWaitMs: 1e6, maxWaitingOfClient: 9, maxWaiting: 9 };
const BODY = JSON.stringify({ name: 'ZP33' });
const answers = { 200: { description: 'Done', schema: joi.object() } };
const common = { tag: 'Sample', summary: 'Sample', action: 'use', answers } as const;

/** Work that begins when a request calls it and ends when a test says so. */
function openWork() {
  const begun: (() => void)[] = [];
  return {
    begun,
    do: () => new Promise<void>((resolve) => begun.push(resolve)),
  };
}

/** An app behind a gate with one place for requests and one for bodies. */
async function openServer(limits: Partial<HttpLimits> = {}, maxWaitMs = 1e6) {
  const places = (maxWaitingOfClient = 9) =>
    createPlaces({ ...LIMITS, atOnce: 1, perClient: 1, maxWaitMs, maxWaitingOfClient });
  const [requests, bodies, streams, probes] = [places(), places(0), places(), places()];
  const work = openWork();
  const refusals: string[] = [];
  const routes = [
    route({
      ...common,
      method: 'get',
      path: '/v1/one',
      operationId: 'one',
      handle: async () => {
        await work.do();
        return { status: 200, body: {} };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/one',
      operationId: 'add',
      body: { schema: joi.object({ name: joi.string() }) },
      handle: async ({ body }) => {
        await work.do();
        return { status: 200, body };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/many',
      operationId: 'many',
      body: { stream: ['application/x-ndjson'], maxBytes: 1e6 },
      untimed: true,
      async handle({ inTurn, response }) {
        for (let piece = 0; piece < 2; piece += 1) await inTurn(() => work.do());
        response.end('done');
        return { streamed: true };
      },
    }),
  ];
  const app = createHttpApp({
    routes,
    authorize,
    isAction: (action) => action === 'use',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: { observe: () => undefined },
    readiness: () => Promise.resolve({ ready: true, degraded: false, checks: {} }),
    info: INFO,
    limits: { perMinute: 0, anonymousPerMinute: 0, ...limits },
  });
  const server = await startServer(app, {
    host: '127.0.0.1',
    port: 0,
    drainMs: 100,
    gate: (handler) =>
      createGate(
        {
          routes,
          requests,
          bodies,
          streams,
          probes,
          clientOf: ({ headers }) => (headers['x-client'] as string | undefined) ?? 'nobody',
          refused: (reason) => void refusals.push(reason),
        },
        handler,
      ),
  });
  const sockets: Socket[] = [];
  return {
    requests,
    bodies,
    streams,
    refusals,
    work,
    /** Sends the head of a request and whatever of the body is given; `answer` is all that comes back until the end. */
    send(method: string, path: string, body = '', length = body.length) {
      const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const type = path === '/v1/many' ? 'application/x-ndjson' : 'application/json';
      const content = method === 'GET' ? '' : `Content-Type: ${type}\r\nContent-Length: ${length}\r\n`;
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ok\r\n${content}\r\n${body}`,
      );
      return { socket, answer: once(socket, 'close').then(() => text) };
    },
    async close() {
      for (const end of work.begun) end();
      for (const socket of sockets) socket.destroy();
      await server.close();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(1);
}

describe('the visit of a request', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  afterEach(() => server.close());

  it('keeps its place until the work ends, though the client left', async () => {
    server = await openServer();
    const { socket } = server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    socket.destroy();
    server.send('GET', '/v1/one');
    await until(() => server.requests.waiting === 1);
    await delay(20);
    expect(server.work.begun).to.have.length(1);
    server.work.begun[0]?.();
    await until(() => server.work.begun.length === 2);
  });

  it('keeps its place until the work ends, though it was answered as late', async () => {
    server = await openServer({ requestTimeoutMs: 20 });
    const answer = await server.send('GET', '/v1/one').answer;
    expect(answer)
      .to.match(/^HTTP\/1.1 503 /)
      .and.to.contain('"timed-out"')
      .and.to.match(/retry-after: 5/i);
    expect(server.requests.underWay).to.equal(1);
    server.work.begun[0]?.();
    await until(() => server.requests.underWay === 0);
  });

  it('has no more time because it waited for its place', async () => {
    server = await openServer({ requestTimeoutMs: 1_000 });
    const first = server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    const second = server.send('GET', '/v1/one');
    await until(() => server.requests.waiting === 1);
    await delay(1_010);
    expect(await first.answer).to.contain('"timed-out"');
    server.work.begun[0]?.();
    // Its time is up when it gets the place that the first gave back.
    const since = performance.now();
    expect(await second.answer).to.contain('"timed-out"');
    expect(performance.now() - since).to.be.below(900);
  });

  it('has no place while its body arrives, and its time does not count', async () => {
    server = await openServer({ requestTimeoutMs: 300 });
    const slow = server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length);
    await until(() => server.bodies.underWay === 1);
    expect(server.requests.underWay).to.equal(0);
    const other = server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    server.work.begun[0]?.();
    expect(await other.answer).to.match(/^HTTP\/1.1 200 /);
    await delay(310);
    slow.socket.write(BODY.slice(3));
    await until(() => server.work.begun.length === 2);
    expect([server.bodies.underWay, server.requests.underWay]).to.deep.equal([0, 1]);
    server.work.begun[1]?.();
    expect(await slow.answer)
      .to.match(/^HTTP\/1.1 200 /)
      .and.to.contain(BODY);
  });

  it('holds its body in its place for bodies until there is a place for the request', async () => {
    server = await openServer();
    const slow = server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length);
    await until(() => server.bodies.underWay === 1);
    server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    slow.socket.write(BODY.slice(3));
    await until(() => server.requests.waiting === 1);
    expect(server.bodies.underWay).to.equal(1);
    server.work.begun[0]?.();
    await until(() => server.work.begun.length === 2);
    expect(server.bodies.underWay).to.equal(0);
  });

  it('is refused when too many bodies arrive', async () => {
    server = await openServer();
    server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length);
    await until(() => server.bodies.underWay === 1);
    const refused = await server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length).answer;
    expect(refused)
      .to.match(/^HTTP\/1.1 429 /)
      .and.to.contain('"client-busy"')
      .and.to.match(/retry-after: 1/i);
    expect(server.refusals).to.deep.equal(['client-busy']);
    expect(server.requests.underWay).to.equal(0);
  });

  it('ends when its body takes too long, and the connection with it', async () => {
    server = await openServer({ bodyTimeoutMs: 20 });
    const answer = await server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length).answer;
    expect(answer)
      .to.match(/^HTTP\/1.1 408 /)
      .and.to.contain('"body-too-slow"')
      .and.to.match(/connection: close/i);
    expect([server.bodies.underWay, server.requests.underWay]).to.deep.equal([0, 0]);
  });

  it('gives its turn back when the client leaves while its body waits for a place', async () => {
    server = await openServer();
    const slow = server.send('POST', '/v1/one', BODY.slice(0, 3), BODY.length);
    await until(() => server.bodies.underWay === 1);
    server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    slow.socket.write(BODY.slice(3));
    await until(() => server.requests.waiting === 1);
    slow.socket.destroy();
    await until(() => server.requests.waiting === 0 && server.bodies.underWay === 0);
  });

  it('of a stream takes a place for each piece of its work, and waits until there is one', async () => {
    server = await openServer({}, 30);
    const single = server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    const stream = server.send('POST', '/v1/many', '{}');
    await until(() => server.streams.underWay === 1);
    // Longer than a request would have waited.
    await delay(100);
    expect(server.work.begun).to.have.length(1);
    server.work.begun[0]?.();
    expect(await single.answer).to.match(/^HTTP\/1.1 200 /);
    await until(() => server.work.begun.length === 2);
    expect(server.requests.underWay).to.equal(1);
    server.work.begun[1]?.();
    await until(() => server.work.begun.length === 3);
    server.work.begun[2]?.();
    expect(await stream.answer).to.match(/^HTTP\/1.1 200 /);
    expect([server.streams.underWay, server.requests.underWay]).to.deep.equal([0, 0]);
  });

  it('of a stream ends when the client leaves', async () => {
    server = await openServer({}, 30);
    server.send('GET', '/v1/one');
    await until(() => server.work.begun.length === 1);
    const stream = server.send('POST', '/v1/many', '{}');
    await until(() => server.streams.underWay === 1);
    stream.socket.destroy();
    await until(() => server.streams.underWay === 0);
    expect(server.work.begun).to.have.length(1);
  });
});
