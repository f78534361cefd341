import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import joi from 'joi';
import {
  PUBLIC,
  route,
  startServer,
  type Route,
  type RunningServer,
} from '../../../src/platform/http/index.ts';
import { exchange, sampleApp, sampleRoutes } from './support.ts';

const HEAD =
  'POST /v1/presses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ok\r\nContent-Type: application/json\r\n';

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

describe('a server that gets nonsense', () => {
  const sample = sampleRoutes();
  let server: RunningServer;

  before(async () => {
    server = await startServer(sampleApp(sample), { host: '127.0.0.1', port: 0 });
  });
  after(() => server.close());

  const cases: [title: string, bytes: string, status: number][] = [
    ['no HTTP at all', 'nonsense\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a huge header', `GET /open HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a huge address', `GET /open?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['no host', 'GET /open HTTP/1.1\r\n\r\n', 400],
    ['broken chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, 400],
    [
      'both length and chunks',
      `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ['an unfit expectation', `${HEAD}Expect: miracles\r\nConnection: close\r\n\r\n`, 417],
    ['a strange target', 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a doubled slash', 'GET //x//y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ];
  for (const [title, bytes, status] of cases) {
    it(`answers ${status} to ${title}`, async () => {
      expect(statusOf(await exchange(server.port, bytes))).to.equal(status);
    });
  }

  it('outlives a client that leaves in the middle of its body, and stores nothing', async () => {
    const seen = sample.lines.length;
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"reference":`);
    await once(socket, 'connect');
    socket.end();
    await once(socket.resume(), 'close');
    expect(
      statusOf(await exchange(server.port, 'GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')),
    ).to.equal(200);
    expect(sample.bodies).to.deep.equal([]);
    expect(sample.lines.slice(seen).filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('answers a client that sends too much while it is still sending', async () => {
    const body = 'x'.repeat(3_000_000);
    const bytes = `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const answer = await exchange(server.port, bytes);
    expect(statusOf(answer)).to.equal(413);
    expect(answer).to.contain('body-too-large');
  });

  it('rejects with the system’s code when its port is taken', async () => {
    const app = sampleApp(sampleRoutes());
    const error: unknown = await startServer(app, { host: '127.0.0.1', port: server.port }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.have.property('code', 'EADDRINUSE');
  });
});

describe('a server that ends', () => {
  /** A route that answers when it is told to. */
  function held(): { route: Route; started: Promise<void>; release: () => void } {
    let release = (): void => undefined;
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => (start = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    return {
      started,
      release: () => release(),
      route: route({
        ...{
          method: 'get',
          path: '/held',
          action: PUBLIC,
          tag: 'T',
          summary: 'S',
          operationId: 'held',
          untimed: true,
        },
        answers: { 200: { description: 'At last', schema: joi.object() } },
        async handle() {
          start();
          await released;
          return { status: 200, body: {} };
        },
      }),
    };
  }

  it('finishes what is under way, tells open connections that it drains, and takes no new ones', async () => {
    const hold = held();
    const app = sampleApp({ ...sampleRoutes(), routes: [hold.route] });
    const server = await startServer(app, { host: '127.0.0.1', port: 0 });
    // Both requests on one connection: the second is read when the first is answered.
    const answers = exchange(
      server.port,
      'GET /held HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    await hold.started;
    const closed = server.close();
    const refused = connect(server.port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
    hold.release();
    await closed;
    expect(statusOf(await answers)).to.equal(200);
    expect(await answers).to.contain('{}');
    await server.close();
  });

  it('goes on serving during its grace, and says that it drains', async () => {
    let end = (): void => undefined;
    const grace = new Promise<void>((resolve) => (end = resolve));
    const server = await startServer(sampleApp(sampleRoutes()), {
      host: '127.0.0.1',
      port: 0,
      grace: () => grace,
    });
    const address = `http://127.0.0.1:${server.port}`;
    const closed = server.close();
    expect((await fetch(`${address}/readyz`)).status).to.equal(503);
    const answer = await fetch(`${address}/open`);
    expect([answer.status, answer.headers.get('connection')]).to.deep.equal([200, 'close']);
    end();
    await closed;
    expect(await fetch(`${address}/open`).catch(() => 'refused')).to.equal('refused');
  });

  it('does not wait for a connection that never asked anything', async () => {
    const server = await startServer(sampleApp(sampleRoutes()), {
      host: '127.0.0.1',
      port: 0,
      drainMs: 3_600_000,
    });
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    await exchange(server.port, 'GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const ended = once(silent.resume(), 'close');
    await server.close();
    await ended;
  });

  it('is not ready while it drains', async () => {
    const app = sampleApp(sampleRoutes());
    app.set('draining', true);
    const server = await startServer(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`);
    expect([answer.status, answer.headers.get('connection')]).to.deep.equal([503, 'close']);
    expect(await answer.json()).to.deep.equal({ status: 'draining', checks: { store: 'ok' } });
    await server.close();
  });

  it('cuts off what does not finish', async () => {
    const hold = held();
    const app = sampleApp({ ...sampleRoutes(), routes: [hold.route] });
    const server = await startServer(app, { host: '127.0.0.1', port: 0, drainMs: 30 });
    const answer = exchange(server.port, 'GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
    await hold.started;
    await server.close();
    expect(await answer).to.equal('');
    hold.release();
  });
});
