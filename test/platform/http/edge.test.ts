import { expect } from 'chai';
import joi from 'joi';
import request from 'supertest';
import { Failure, type FailureKind } from '../../../src/kernel/failure.ts';
import { encodeCursor } from '../../../src/kernel/cursor.ts';
import { createHttpApp, page, route } from '../../../src/platform/http/index.ts';
import { ACTOR, authorize, INFO, sampleApp, sampleRoutes } from './support.ts';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
}

describe('the edge', () => {
  const sample = sampleRoutes();
  const app = sampleApp(sample);
  const get = (path: string, token = 'ok') => request(app).get(path).set('Authorization', `Bearer ${token}`);

  it('asks for a token, names the scheme, and says what was wrong only where one was given', async () => {
    const none = await request(app).get('/v1/presses/p_1');
    expect([none.status, none.headers['www-authenticate']]).to.deep.equal([401, 'Bearer']);
    const bad = await get('/v1/presses/p_1', 'bad');
    expect([bad.status, bad.headers['www-authenticate']]).to.deep.equal([
      401,
      'Bearer error="invalid_token"',
    ]);
    expect((await get('/v1/presses/p_1', 'weak')).status).to.equal(403);
  });

  it('asks who it is before it looks at what is asked', async () => {
    const answer = await request(app).post('/v1/presses').send('nonsense');
    expect(answer.status).to.equal(401);
  });

  it('hides a bug from the client and logs it once, in full', async () => {
    sample.lines.length = 0;
    const answer = await get('/v1/presses/p_bug').set('X-Request-Id', 'my-id.1');
    expect(answer.status).to.equal(500);
    expect(answer.text).not.to.contain('secret');
    expect((answer.body as Problem).instance).to.equal('my-id.1');
    const errors = sample.lines.filter(({ level }) => level === 'error');
    expect(errors).to.have.length(1);
    expect(errors[0]?.facts).to.have.property('requestId', 'my-id.1');
    expect(errors[0]?.facts['err']).to.be.an('error').with.property('message', 'a secret detail');
  });

  it('logs a line a request: the pattern and who, never the address', async () => {
    sample.lines.length = 0;
    sample.observed.length = 0;
    const answer = await get('/v1/lookup?serial=ZP33-2025');
    const [line, ...more] = sample.lines;
    expect(more).to.deep.equal([]);
    expect(line?.facts).to.include({
      method: 'GET',
      route: '/v1/lookup',
      status: 200,
      sub: ACTOR.sub,
      org: ACTOR.org,
    });
    expect(line?.facts).to.have.property('requestId', answer.headers['x-request-id']);
    expect(JSON.stringify(line)).not.to.contain('ZP33');
    expect(sample.observed[0]?.slice(0, 3)).to.deep.equal(['GET', '/v1/lookup', 200]);
  });

  it('logs a probe only when it is told that something is wrong', async () => {
    sample.lines.length = 0;
    sample.observed.length = 0;
    await get('/readyz');
    expect(sample.lines).to.deep.equal([]);
    expect(sample.observed[0]?.slice(0, 3)).to.deep.equal(['GET', '/readyz', 200]);
    app.set('draining', true);
    await get('/readyz');
    app.set('draining', false);
    expect(sample.lines.map(({ facts }) => facts['status'])).to.deep.equal([503]);
  });

  it('gives a request id of its own for one that is not in its form', async () => {
    const answer = await get('/v1/presses/p_1').set('X-Request-Id', 'a b');
    expect(answer.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('sets security headers, forbids caching, and has no HSTS and no trace of express', async () => {
    const { headers } = await get('/v1/presses/p_1');
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).to.equal("default-src 'none';frame-ancestors 'none'");
    expect(headers).not.to.have.any.keys('x-powered-by', 'etag', 'strict-transport-security');
    const secure = await request(sampleApp(sampleRoutes(), { https: true })).get('/open');
    expect(secure.headers).to.have.property('strict-transport-security');
  });

  it('answers 404 to unknown addresses and ids, naming a malformed one', async () => {
    expect((await get('/nowhere')).status).to.equal(404);
    expect((await get('/v1/presses/p_1/')).status).to.equal(404);
    expect((await get('/v1/presses/p_404')).body).to.have.property('code', 'press-unknown');
    const odd = await get('/v1/presses/NO!');
    expect(odd.status).to.equal(404);
    expect((odd.body as { errors: { field: string }[] }).errors[0]?.field).to.equal('id');
  });

  it('answers 400 to broken percent-encoding in an address', async () => {
    expect((await get('/v1/presses/%zz')).status).to.equal(400);
  });

  it('says which methods there are', async () => {
    const wrong = await request(app).delete('/v1/presses/p_1');
    expect([wrong.status, wrong.headers['allow']]).to.deep.equal([405, 'GET, HEAD, OPTIONS']);
    const options = await request(app).options('/v1/presses');
    expect([options.status, options.headers['allow']]).to.deep.equal([204, 'OPTIONS, POST']);
    const head = await request(app).head('/open');
    expect([head.status, head.headers['content-length']]).to.deep.equal([200, '2']);
  });

  const kinds: [FailureKind, number][] = [
    ['conflict', 409],
    ['not-acceptable', 406],
    ['too-large', 413],
    ['too-many', 429],
    ['unavailable', 503],
    ['storage-full', 507],
  ];
  for (const [kind, status] of kinds) {
    it(`answers ${status} to a failure of kind ${kind}`, async () => {
      const failing = route({
        ...{
          method: 'get',
          path: '/fail',
          action: 'use',
          tag: 'T',
          summary: 'S',
          operationId: 'fail',
          answers: {},
        },
        handle: () => {
          throw new Failure(kind, 'some-code', 'Some sentence.', { retryAfterSeconds: 7.2 });
        },
      });
      const other = sampleApp({ ...sampleRoutes(), routes: [failing] });
      const answer = await request(other).get('/fail').set('Authorization', 'Bearer ok');
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({
        type: 'urn:problem:some-code',
        code: 'some-code',
        detail: 'Some sentence.',
      });
      expect(answer.headers['retry-after']).to.equal(status === 429 || status === 503 ? '8' : undefined);
    });
  }

  it('answers 507 when the disk is full', async () => {
    const full = route({
      ...{
        method: 'get',
        path: '/full',
        action: 'public',
        tag: 'T',
        summary: 'S',
        operationId: 'full',
        answers: {},
      },
      handle: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    });
    expect((await request(sampleApp({ ...sampleRoutes(), routes: [full] })).get('/full')).status).to.equal(
      507,
    );
  });

  it('limits each subject, and addresses without a valid token', async () => {
    const limited = sampleApp(sampleRoutes(), { limits: { perMinute: 2, anonymousPerMinute: 1 } });
    const call = () => request(limited).get('/v1/presses/p_1').set('Authorization', 'Bearer ok');
    const first = await call();
    expect(first.headers['ratelimit-policy']).to.equal('"subject";q=2;w=60');
    expect(first.headers['ratelimit']).to.match(/^"subject";r=1;t=\d+$/);
    await call();
    const third = await call();
    expect(third.status).to.equal(429);
    expect(Number(third.headers['retry-after'])).to.be.within(1, 60);
    expect((await request(limited).get('/v1/presses/p_1')).status).to.equal(401);
    expect((await request(limited).get('/v1/presses/p_1')).status).to.equal(429);
    expect((await request(limited).get('/healthz')).status).to.equal(200);
  });

  it('answers 503 when a request takes too long, and tells the handler', async () => {
    let reason: unknown;
    const slow = route({
      ...{
        method: 'get',
        path: '/slow',
        action: 'public',
        tag: 'T',
        summary: 'S',
        operationId: 'slow',
        answers: {},
      },
      handle: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(new Error('given up'));
          });
        }),
    });
    const other = sampleApp({ ...sampleRoutes(), routes: [slow] }, { limits: { requestTimeoutMs: 20 } });
    const answer = await request(other).get('/slow');
    expect([answer.status, (answer.body as Problem).code]).to.deep.equal([503, 'timed-out']);
    expect(reason).to.be.an('error');
  });

  it('links the next page of a list', async () => {
    const list = route({
      ...{ method: 'get', path: '/list', action: 'public', tag: 'T', summary: 'S', operationId: 'list' },
      query: joi.object({ a: joi.string(), cursor: joi.string() }),
      answers: { 200: { description: 'A page', schema: joi.array() } },
      handle: (call) => ({
        status: 200,
        body: [],
        headers: page(call, ['a', 'b'], 1, (last) => [last]).headers,
      }),
    });
    const answer = await request(sampleApp({ ...sampleRoutes(), routes: [list] })).get(
      '/list?a=x%26y&cursor=c1',
    );
    expect(answer.headers['link']).to.equal(`</list?a=x%26y&cursor=${encodeCursor(['a'])}>; rel="next"`);
  });

  it('refuses to start with a route that no policy knows', () => {
    const lost = { ...sampleRoutes().routes[0]!, action: 'lost' };
    expect(() => sampleApp({ ...sampleRoutes(), routes: [lost] })).to.throw(/no policy knows lost/);
  });

  it('finds answers that differ from their description, when told to look', async () => {
    const wrong = route({
      ...{ method: 'get', path: '/x', action: 'public', tag: 'T', summary: 'S', operationId: 'x' },
      answers: { 200: { description: 'A number', schema: joi.object({ n: joi.number() }) } },
      handle: () => ({ status: 200, body: { n: 'one' } }),
    });
    const other = sampleRoutes();
    expect((await request(sampleApp({ ...other, routes: [wrong] })).get('/x')).status).to.equal(500);
  });

  it('serves mounted pages under their own policy and headers', async () => {
    const mounted = createHttpApp({
      routes: [],
      mounts: [
        { path: '/board', action: 'use', handler: (_request, response) => void response.send('board') },
        {
          path: '/',
          action: 'public',
          handler: (call, response, next) => (call.path === '/' ? void response.send('page') : next()),
        },
      ],
      authorize,
      isAction: () => true,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: { observe: () => undefined },
      readiness: () => Promise.resolve({ ready: true, degraded: false, checks: {} }),
      info: INFO,
    });
    expect((await request(mounted).get('/board/x')).status).to.equal(401);
    expect((await request(mounted).get('/board/x').set('Authorization', 'Bearer ok')).text).to.equal('board');
    const page = await request(mounted).get('/');
    expect(page.text).to.equal('page');
    expect(page.headers['content-security-policy'])
      .to.contain("default-src 'self'")
      .and.not.to.contain('unsafe');
    expect((await request(mounted).get('/nowhere')).status).to.equal(404);
  });
});
