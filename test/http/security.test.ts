import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type { App, DeclarationView, ProblemView } from '../support/app.ts';
import { OPERATOR, startApp, until } from '../support/app.ts';
import { EXPORTER, OFFICER, REGULATOR } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';

const COMPETITOR = { ...EXPORTER, sub: 'clerk-77', org: 'zenith-exports' };

interface Jwk {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

overEngines('attempts on the registry over HTTP', (engine) => {
  let app: App;
  let logFile: string;

  before(async () => {
    logFile = join(temporaryFolder(), 'log');
    app = await startApp({}, { logTo: logFile, engine });
  });
  after(() => app.close());

  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('with tokens that are not rightly signed are refused', async () => {
    const good = app.tokenOf(REGULATOR);
    const [head = '', claims = '', signature = ''] = good.split('.');
    const file = readFileSync(join(app.dataDir, 'dev-keys', 'jwks.json'), 'utf8');
    const [key] = (JSON.parse(file) as { keys: Jwk[] }).keys;
    if (key === undefined) throw new Error('there is no development key');
    const { kid } = key;
    const pem = createPublicKey({ key: { ...key }, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const payload = jwt.decode(good) as jwt.JwtPayload;
    const hmac = (secret: string | Buffer): string => {
      const signed = `${encoded({ alg: 'HS256', typ: 'JWT', kid })}.${claims}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    };
    const withHeader = (more: object): string =>
      jwt.sign(payload, own.privateKey, { algorithm: 'ES256', header: { alg: 'ES256', kid, ...more } });
    const tokens = {
      'alg none': `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`,
      'alg None with a kid': `${encoded({ alg: 'None', kid })}.${claims}.${signature}`,
      'HS256 with the public key as PEM': hmac(pem),
      'HS256 with the key set': hmac(file),
      'HS256 with nothing': hmac(''),
      'a jku header': withHeader({ jku: `${app.url}/jwks.json` }),
      'a jwk header': withHeader({ jwk: own.publicKey.export({ format: 'jwk' }) as never }),
      'an x5u header': withHeader({ x5u: 'http://127.0.0.1/cert' }),
      'a crit header': withHeader({ crit: ['exp'] }),
      'a key of its own': withHeader({}),
      'a kid that is a path': withHeader({ kid: '../../../dev/null' }),
      'other claims': `${head}.${encoded({ ...payload, role: 'operator' })}.${signature}`,
      'no signature': `${head}.${claims}.`,
      'a padded signature': `${good}==`,
      'a line of text': 'regulator',
    };
    for (const [what, token] of Object.entries(tokens)) {
      const answer = await app.call<ProblemView>('GET', '/v1/reviews', { as: token });
      expect(answer.status, what).to.equal(401);
      expect(answer.body.code, what).to.match(/^token-/);
      expect(answer.text, what).not.to.include(token.slice(0, 40));
      expect(answer.headers.get('www-authenticate'), what).to.match(/^Bearer/);
    }
    expect((await app.get('/v1/reviews', REGULATOR)).status).to.equal(200);
  });

  it('to take a token from elsewhere than its header are refused', async () => {
    const token = app.tokenOf(REGULATOR);
    const forms: Record<string, string>[] = [
      { authorization: `Basic ${token}` },
      { authorization: token },
      { cookie: `token=${token}; ppr_queues=${token}` },
      { 'x-forwarded-user': 'judge-1' },
    ];
    for (const headers of forms) {
      expect((await app.call('GET', '/v1/reviews', { headers })).status).to.equal(401);
    }
    const query = await app.call('GET', `/v1/reviews?access_token=${token}`);
    expect(query.status).to.equal(401);
  });

  it('to see evidence as an exporter see none, while authorities do', async () => {
    const first = await app.file(dieFiling('SEC-1'), COMPETITOR);
    await app.checked(first.id, COMPETITOR);
    const { items } = dieFiling('SEC-1');
    const second = await app.file(dieFiling('SEC-2', { items }));
    const own = await app.checked(second.id);
    expect(own.status).to.equal('needs-review');
    expect(own.findings.map(({ code }) => code)).to.include('claimed-by-another');
    const seen = await app.get<DeclarationView>(`/v1/declarations/${second.id}`, EXPORTER);
    for (const secret of ['"evidence"', COMPETITOR.org, COMPETITOR.sub, first.id]) {
      expect(seen.text).not.to.include(secret);
    }
    for (const authority of [OFFICER, REGULATOR]) {
      const { text } = await app.get(`/v1/declarations/${second.id}`, authority);
      expect(text).to.include('"evidence"').and.include(COMPETITOR.org);
    }
    const history = await app.get(`/v1/items/${second.items[0]?.itemId}/history`, EXPORTER);
    expect(history.status).to.equal(200);
    expect(history.text).not.to.include(COMPETITOR.org);
  });

  it('to see the queues need the token of an operator, once', async () => {
    for (const path of ['/queues', '/queues/api/queues', '/queues/static/js/main.js']) {
      for (const as of [undefined, EXPORTER, OFFICER, REGULATOR]) {
        const answer = await app.call('GET', path, as === undefined ? {} : { as });
        expect(answer.status, `${path} for ${as?.role}`).to.equal(401);
        expect(answer.text).not.to.include('verification');
      }
    }
    const signIn = (token: string) =>
      app.call('POST', '/queues/sign-in', {
        raw: new URLSearchParams({ token }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await signIn(app.tokenOf(REGULATOR))).status).to.equal(401);
    const signedIn = await signIn(app.tokenOf(OPERATOR));
    expect(signedIn.status).to.equal(303);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie)
      .to.match(/; Path=\/queues;/)
      .and.match(/HttpOnly/)
      .and.match(/SameSite=Strict/);
    const board = await app.call('GET', '/queues/api/queues', {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(board.status).to.equal(200);
    expect(board.text).to.include('verification');
  });

  it('leave no token, cookie or serial in the log', async () => {
    await app.get('/v1/lookup?serial=SECRET-SERIAL-1', OFFICER);
    const lines = await until(async () => {
      const text = readFileSync(logFile, 'utf8');
      return text.includes('"/v1/lookup"') ? text : null;
    });
    for (const actor of [EXPORTER, COMPETITOR, OFFICER, REGULATOR, OPERATOR]) {
      const [, claims = '', signature = ''] = app.tokenOf(actor).split('.');
      expect(lines).not.to.include(claims);
      expect(lines).not.to.include(signature);
    }
    expect(lines)
      .not.to.include('SECRET-SERIAL')
      .and.not.match(/redis:\/\/:[0-9a-f]/);
    const records = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = records.filter(({ msg }) => msg === 'request');
    expect(requests.length).to.be.greaterThan(30);
    for (const { requestId } of requests) expect(requestId).to.be.a('string');
    expect(records.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});
