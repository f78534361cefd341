import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import {
  ecPair,
  encode,
  goodClaims,
  handClock,
  handSource,
  jwkOf,
  keySet,
  outcome,
  signed,
  verifierOver,
} from './support.ts';

const pair = ecPair();
const HEADER = { alg: 'ES256', typ: 'JWT', kid: 'one' };
const good = signed(pair, HEADER, goodClaims());

function verify(header: string | undefined) {
  const verifier = verifierOver(handSource(keySet(jwkOf(pair, { kid: 'one' }))), handClock());
  return outcome(() => verifier.verify(header));
}

function withHeader(header: object | string) {
  return verify(`Bearer ${signed(pair, header, goodClaims())}`);
}

/** The token with the last character of a segment moved on within its unused trailing bits. */
function sloppy(token: string, segment: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const parts = token.split('.');
  const text = parts[segment] ?? '';
  parts[segment] = text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
  return parts.join('.');
}

describe('the form of a token', () => {
  it('accepts a good token, whatever the case of the scheme', async () => {
    expect(await verify(`Bearer ${good}`)).to.equal('accepted');
    expect(await verify(`bearer ${good}`)).to.equal('accepted');
  });

  it('accepts the type at+jwt, a full media type and no type', async () => {
    expect(await withHeader({ ...HEADER, typ: 'at+jwt' })).to.equal('accepted');
    expect(await withHeader({ ...HEADER, typ: 'application/jwt' })).to.equal('accepted');
    expect(await withHeader({ alg: 'ES256', kid: 'one' })).to.equal('accepted');
  });

  it('refuses a missing or empty header', async () => {
    expect(await verify(undefined)).to.equal('token-missing');
    expect(await verify('  ')).to.equal('token-missing');
  });

  for (const header of [
    'Bearer',
    `Basic ${good}`,
    good,
    `Bearer ${good} x`,
    `Bearer ${good}, Bearer ${good}`,
  ]) {
    it(`refuses the header form ${header.replaceAll(good, '<token>')}`, async () => {
      expect(await verify(header)).to.equal('token-malformed');
    });
  }

  it('refuses a token longer than 8 KB', async () => {
    expect(await verify(`Bearer ${'a'.repeat(8193)}`)).to.equal('token-too-large');
  });

  it('refuses two and four segments and an empty one', async () => {
    const [header, payload, signature] = good.split('.');
    for (const token of [
      `${header}.${payload}`,
      `${good}.${signature}`,
      `${header}.${payload}.`,
      `.${payload}.x`,
    ]) {
      expect(await verify(`Bearer ${token}`)).to.equal('token-malformed');
    }
  });

  it('refuses padding and the other base64 alphabet', async () => {
    const [header, payload, signature = ''] = good.split('.');
    for (const last of [`${signature}==`, `+${signature.slice(1)}`, `/${signature.slice(1)}`]) {
      expect(await verify(`Bearer ${header}.${payload}.${last}`)).to.equal('token-malformed');
    }
  });

  it('refuses unused trailing bits that are not zero, in each segment', async () => {
    // The 64 bytes of the signature leave 4 bits unused; header and payload are made to leave some as well.
    const token = signed(pair, { ...HEADER, x: 12 }, goodClaims({ sub: 'clerk-12' }));
    token.split('.').forEach((segment) => expect(segment.length % 4, segment).not.to.equal(0));
    for (const segment of [0, 1, 2]) {
      const bent = sloppy(token, segment);
      const bytes = (text: string) => Buffer.from(text.split('.')[segment] ?? '', 'base64url');
      expect(bytes(bent).equals(bytes(token)), 'a sloppy decoder sees no difference').to.equal(true);
      expect(await verify(`Bearer ${bent}`)).to.equal('token-malformed');
    }
  });

  it('refuses a header or payload that is no JSON object', async () => {
    for (const text of ['[]', '"x"', '1', 'null', '{', '', '\ufeff{"alg":"ES256","kid":"one"}']) {
      expect(await withHeader(text), text).to.equal('token-malformed');
    }
    for (const text of ['[]', 'null', '{"a":1']) {
      expect(await verify(`Bearer ${signed(pair, HEADER, text)}`), text).to.equal('token-malformed');
    }
  });

  it('refuses text that is not UTF-8', async () => {
    const broken = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url');
    const [header, , signature] = good.split('.');
    expect(await verify(`Bearer ${header}.${broken}.${signature}`)).to.equal('token-malformed');
  });

  it('refuses members named twice, also when written differently or deep inside', async () => {
    expect(await withHeader('{"alg":"ES256","kid":"one","kid":"one"}')).to.equal('token-malformed');
    expect(await withHeader('{"alg":"ES256","kid":"one","\\u006bid":"one"}')).to.equal('token-malformed');
    const claims = JSON.stringify(goodClaims());
    for (const twin of ['"org":"other"', '"x":{"a":1,"a":1}', '"x":[{"a\\"":1,"a\\"":2}]']) {
      const payload = claims.replace('{', `{${twin},`);
      expect(await verify(`Bearer ${signed(pair, HEADER, payload)}`), twin).to.equal('token-malformed');
    }
  });

  it('is not misled by colons, quotes and backslashes inside strings', async () => {
    const claims = goodClaims({ note: 'a:"b\\":c\\', 'x:"y': ['\\"', { '__proto__:': 1 }], empty: {} });
    expect(await verify(`Bearer ${signed(pair, HEADER, claims)}`)).to.equal('accepted');
  });

  for (const member of ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64']) {
    it(`refuses a header with ${member}`, async () => {
      expect(await withHeader({ ...HEADER, [member]: jwkOf(pair) })).to.equal('token-header-refused');
    });
  }

  it('ignores other header members', async () => {
    expect(await withHeader({ ...HEADER, x5t: 'abc' })).to.equal('accepted');
  });

  it('refuses a type that is not JWT and a key id that is no sensible text', async () => {
    for (const typ of ['JWE', 'dpop+jwt', 1, null, ['JWT']]) {
      expect(await withHeader({ ...HEADER, typ })).to.equal('token-header-refused');
    }
    for (const kid of ['', 'k'.repeat(201), 7, null, { a: 1 }]) {
      expect(await withHeader({ ...HEADER, kid })).to.equal('token-header-refused');
    }
  });

  it('refuses none and every algorithm but RS256 and ES256', async () => {
    const names = [
      'none',
      'None',
      'HS256',
      'ES384',
      'RS384',
      'RS512',
      'PS256',
      'EdDSA',
      'es256',
      '',
      undefined,
      1,
    ];
    for (const alg of names) expect(await withHeader({ ...HEADER, alg })).to.equal('token-algorithm');
  });

  it('refuses an unsigned token', async () => {
    const token = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(goodClaims())}`;
    expect(await verify(`Bearer ${token}.`)).to.equal('token-malformed');
    expect(await verify(`Bearer ${token}.AA`)).to.equal('token-algorithm');
  });

  it('never quotes the token in the refusal', async () => {
    const verifier = verifierOver(handSource(keySet(jwkOf(pair, { kid: 'one' }))), handClock());
    try {
      await verifier.verify(`Bearer ${signed(pair, { alg: 'secret-alg' }, goodClaims())}`);
    } catch (error) {
      expect(isFailure(error) && error.kind === 'unauthenticated').to.equal(true);
      expect(String(error)).not.to.include('secret-alg');
      return;
    }
    expect.fail('it was accepted');
  });
});
