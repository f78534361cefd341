import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { expect } from 'chai';
import { textOf } from '../architecture/tree.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';

const PROGRAM = 'haproxy';
const IS_THERE = spawnSync(PROGRAM, ['-v']).status === 0;

/** Stands in for an api process: tells who answered, and what had come. */
interface Backend {
  readonly name: string;
  readonly server: Server;
  ready: boolean;
  /** Paths asked for, health checks aside. */
  readonly asked: string[];
  /** Replaces the answer to what isn't a health check. */
  answer: (request: IncomingMessage, response: ServerResponse) => unknown;
}

async function startBackend(name: string): Promise<Backend> {
  const server = createServer((incoming, response) => {
    if (incoming.url === '/readyz') {
      response.writeHead(backend.ready ? 200 : 503).end();
      return;
    }
    backend.asked.push(incoming.url ?? '');
    backend.answer(incoming, response);
  });
  const backend: Backend = { name, server, ready: true, asked: [], answer: () => undefined };
  backend.answer = (incoming, response) => {
    incoming.resume();
    response.end(JSON.stringify({ by: name, headers: incoming.headers }));
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return backend;
}

/** HAProxy with the file as it is, but for the addresses. */
async function startProxy(backends: readonly Backend[]) {
  const port = await freePort();
  const file = join(temporaryFolder(), 'haproxy.cfg');
  const lines = backends.map(
    ({ name, server }) => `server ${name} 127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  const config = textOf('docs/deployment/haproxy.cfg')
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replaceAll(/^ *server .*\n/gm, '');
  writeFileSync(file, `${config}${lines.map((line) => `    ${line}\n`).join('')}`);
  const child = spawn(PROGRAM, ['-db', '-f', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const proxy = {
    url: `http://127.0.0.1:${port}`,
    async by(path = '/'): Promise<string> {
      const answer = await fetch(`${this.url}${path}`);
      return answer.ok ? ((await answer.json()) as { by: string }).by : String(answer.status);
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  while ((await proxy.by().catch(() => 'not yet')) === 'not yet');
  return proxy;
}

(IS_THERE ? describe : describe.skip)('the proxy of the deployment', function () {
  this.timeout(60_000);
  let one: Backend;
  let two: Backend;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  beforeEach(async () => {
    one = await startBackend('api1');
    two = await startBackend('api2');
    proxy = await startProxy([one, two]);
  });
  afterEach(async () => {
    await proxy.close();
    for (const { server } of [one, two]) {
      server.closeAllConnections();
      server.close();
    }
  });
  after(removeFolders);

  function answerBoth(answer: Backend['answer']): void {
    one.answer = answer;
    two.answer = answer;
  }

  it('passes on what the registry asks for, and says itself who calls and how', async () => {
    const sent = {
      authorization: 'Bearer x.y.z',
      'idempotency-key': 'k-1',
      'x-request-id': 'r-1',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'elsewhere.example',
    };
    const answer = await fetch(`${proxy.url}/v1/lookup?serial=1`, { headers: sent });
    const { headers } = (await answer.json()) as { headers: IncomingHttpHeaders };
    expect(headers).to.include({
      authorization: 'Bearer x.y.z',
      'idempotency-key': 'k-1',
      'x-request-id': 'r-1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    });
    expect(headers).not.to.have.property('x-forwarded-host');
  });

  it('passes each line of a stream as it comes, in both directions', async () => {
    answerBoth((incoming, response) => void incoming.pipe(response));
    const call = request(`${proxy.url}/v1/lookups`, { method: 'POST' });
    call.write('{"serial":"1"}\n');
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    expect((await once(answer, 'data'))[0]).to.equal('{"serial":"1"}\n');
    call.write('{"serial":"2"}\n');
    expect((await once(answer, 'data'))[0]).to.equal('{"serial":"2"}\n');
    call.end();
    expect(await text(answer)).to.equal('');
  });

  it('passes a body of 64 MiB', async () => {
    answerBoth(async (incoming, response) => response.end(String((await buffer(incoming)).length)));
    const body = Buffer.alloc(64 * 1024 * 1024);
    const answer = await fetch(`${proxy.url}/v1/declarations`, { method: 'POST', body });
    expect(await answer.text()).to.equal(String(body.length));
  });

  it('sends nothing more to one that says it drains, and lets it finish', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    for (const backend of [one, two]) {
      const plain = backend.answer;
      backend.answer = (incoming, response) =>
        incoming.url === '/slow'
          ? void held.then(() => plain(incoming, response))
          : plain(incoming, response);
    }
    // Each has one under way, so that further ones go to both in turn.
    const slow = [proxy.by('/slow'), proxy.by('/slow')];
    while (![one, two].every(({ asked }) => asked.includes('/slow'))) await proxy.by();
    expect(new Set([await proxy.by(), await proxy.by()])).to.have.property('size', 2);
    one.ready = false;
    let inARow = 0;
    while (inARow < 30) inARow = (await proxy.by()) === 'api2' ? inARow + 1 : 0;
    finish();
    expect(await Promise.all(slow)).to.have.members(['api1', 'api2']);
  });

  it('sends again what got no answer where that changes nothing: reading, and what carries an Idempotency-Key', async () => {
    one.answer = (incoming) => incoming.socket.destroy();
    for (let count = 0; count < 10; count += 1) expect(await proxy.by()).to.equal('api2');
    for (let count = 0; count < 10; count += 1) {
      const keyed = { method: 'POST', body: '{}', headers: { 'idempotency-key': `k-${count}` } };
      expect((await fetch(proxy.url, keyed)).status).to.equal(200);
    }
    expect(one.asked).not.to.have.length(0);
  });

  it('sends nothing else twice, and says that the outcome is unknown', async () => {
    answerBoth((incoming) => incoming.socket.destroy());
    const answer = await fetch(`${proxy.url}/once`, { method: 'POST', body: '{}' });
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('retry-after'),
    ]).to.deep.equal([502, 'application/problem+json', '1']);
    expect(await answer.json()).to.include({ status: 502, code: 'proxy-lost-answer' });
    expect([...one.asked, ...two.asked].filter((path) => path === '/once')).to.have.length(1);
  });

  it('hands a 503 of the registry through, and answers one itself when no process is ready', async () => {
    answerBoth((_incoming, response) => response.writeHead(503, { 'retry-after': '7' }).end('{}'));
    const theirs = await fetch(proxy.url);
    expect([theirs.status, theirs.headers.get('retry-after')]).to.deep.equal([503, '7']);
    one.ready = false;
    two.ready = false;
    let own = theirs;
    while (own.headers.get('retry-after') !== '1') own = await fetch(proxy.url);
    expect(own.status).to.equal(503);
    expect(await own.json()).to.include({ status: 503, code: 'proxy-no-server' });
  });
});
