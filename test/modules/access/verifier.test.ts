import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import type { KeySource } from '../../../src/modules/access/key-set.ts';
import {
  ecPair,
  encode,
  goodClaims,
  handClock,
  handSource,
  jwkOf,
  keySet,
  outcome,
  rsaPair,
  signed,
  START,
  verifierOver,
} from './support.ts';

const ec = ecPair();
const rsa = rsaPair();
const both = keySet(jwkOf(ec, { kid: 'ec' }), jwkOf(rsa, { kid: 'rsa' }));
const ecHeader = { alg: 'ES256', kid: 'ec' };
const good = `Bearer ${signed(ec, ecHeader, goodClaims())}`;

function verify(token: string, set = both) {
  const verifier = verifierOver(handSource(set), handClock());
  return outcome(() => verifier.verify(`Bearer ${token}`));
}

/** A token whose MAC is made with `secret`, as an attacker who takes the public key for a secret would. */
function macToken(header: object, secret: string | Buffer): string {
  const input = `${encode(header)}.${encode(goodClaims())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('the token verifier', () => {
  it('accepts ES256 and RS256 signatures', async () => {
    expect(await verify(signed(ec, ecHeader, goodClaims()))).to.equal('accepted');
    expect(await verify(signed(rsa, { alg: 'RS256', kid: 'rsa' }, goodClaims()))).to.equal('accepted');
  });

  it('refuses a signature of another key', async () => {
    expect(await verify(signed(ecPair(), ecHeader, goodClaims()))).to.equal('token-signature');
    expect(await verify(signed(rsaPair(), { alg: 'RS256', kid: 'rsa' }, goodClaims()))).to.equal(
      'token-signature',
    );
  });

  it('refuses a payload that was changed after signing', async () => {
    const [header, , signature] = signed(ec, ecHeader, goodClaims()).split('.');
    const forged = encode(goodClaims({ role: 'regulator' }));
    expect(await verify(`${header}.${forged}.${signature}`)).to.equal('token-signature');
  });

  it('refuses ES256 signatures of a wrong length or made of zeros', async () => {
    const input = `${encode(ecHeader)}.${encode(goodClaims())}`;
    for (const length of [0, 1, 63, 64, 65, 72, 128]) {
      const expected = length === 0 ? 'token-malformed' : 'token-signature';
      expect(await verify(`${input}.${Buffer.alloc(length).toString('base64url')}`)).to.equal(expected);
    }
  });

  for (const format of ['pem', 'der'] as const) {
    it(`refuses HS256 with the public key in ${format} as the secret`, async () => {
      for (const [pair, kid] of [
        [ec, 'ec'],
        [rsa, 'rsa'],
      ] as const) {
        const secret =
          format === 'pem'
            ? pair.publicKey.export({ format, type: 'spki' })
            : pair.publicKey.export({ format, type: 'spki' });
        expect(await verify(macToken({ alg: 'HS256', kid }, secret))).to.equal('token-algorithm');
        const alg = kid === 'ec' ? 'ES256' : 'RS256';
        expect(await verify(macToken({ alg, kid }, secret))).to.equal('token-signature');
      }
    });
  }

  it('refuses a token whose algorithm is not the one of the key it names', async () => {
    expect(await verify(signed(ec, { alg: 'RS256', kid: 'ec' }, goodClaims()))).to.equal('token-algorithm');
    expect(await verify(signed(rsa, { alg: 'ES256', kid: 'rsa' }, goodClaims()))).to.equal('token-algorithm');
  });

  it('takes a token without a key id only when one key fits its algorithm', async () => {
    const token = signed(ec, { alg: 'ES256' }, goodClaims());
    expect(await verify(token)).to.equal('accepted');
    const two = keySet(jwkOf(ec, { kid: 'a' }), jwkOf(ecPair(), { kid: 'b' }));
    expect(await verify(token, two)).to.equal('token-key-unknown');
    expect(await verify(token, keySet(jwkOf(rsa)))).to.equal('token-key-unknown');
  });

  it('does not take a key without an id for a token that names one', async () => {
    expect(await verify(signed(ec, ecHeader, goodClaims()), keySet(jwkOf(ec)))).to.equal('token-key-unknown');
  });

  it('refuses an unknown key id after one look for newer keys', async () => {
    const source = handSource(keySet(jwkOf(rsa, { kid: 'rsa' })));
    const verifier = verifierOver(source, handClock());
    expect(await outcome(() => verifier.verify(good))).to.equal('token-key-unknown');
    expect(source.asked).to.equal(1);
  });

  it('accepts a token of a key that newer keys hold, and then answers at once', async () => {
    const source = handSource(keySet(jwkOf(rsa, { kid: 'rsa' })));
    source.next = both;
    const verifier = verifierOver(source, handClock());
    const first = verifier.verify(good);
    expect(first).to.be.instanceOf(Promise);
    expect(await first).to.have.property('org', 'acme');
    expect(verifier.verify(good)).to.have.property('org', 'acme');
    expect(source.asked).to.equal(1);
  });

  it('waits for the keys when their source has to fetch them first', async () => {
    const source: KeySource = { current: () => Promise.resolve(both), refresh: () => Promise.resolve(both) };
    expect(await verifierOver(source, handClock()).verify(good)).to.have.property('sub', 'clerk-1');
  });
});

describe('the memory of verified tokens', () => {
  it('answers the same actor without verifying again', () => {
    const verifier = verifierOver(handSource(both), handClock());
    expect(verifier.verify(good)).to.equal(verifier.verify(good));
  });

  it('stops at the expiry, to the second', async () => {
    const clock = handClock();
    const verifier = verifierOver(handSource(both), clock);
    void verifier.verify(good);
    clock.move(3_599_999);
    expect(await outcome(() => verifier.verify(good))).to.equal('accepted');
    clock.move(1);
    expect(await outcome(() => verifier.verify(good))).to.equal('token-expired');
    expect(await outcome(() => verifier.verify(good))).to.equal('token-expired');
  });

  it('is dropped when the keys change', async () => {
    const source = handSource(both);
    const verifier = verifierOver(source, handClock());
    void verifier.verify(good);
    source.set = keySet(jwkOf(rsa, { kid: 'rsa' }));
    expect(await outcome(() => verifier.verify(good))).to.equal('token-key-unknown');
    source.set = keySet(jwkOf(ecPair(), { kid: 'ec' }));
    expect(await outcome(() => verifier.verify(good))).to.equal('token-signature');
  });

  it('holds no refused token', async () => {
    const verifier = verifierOver(handSource(both), handClock());
    const forged = `Bearer ${signed(ecPair(), ecHeader, goodClaims())}`;
    for (let round = 0; round < 2; round += 1) {
      expect(await outcome(() => verifier.verify(forged))).to.equal('token-signature');
    }
  });

  it('forgets the oldest token when it is full', () => {
    const verifier = verifierOver(handSource(both), handClock(), 2);
    const tokens = ['a', 'b', 'c'].map((sub) => `Bearer ${signed(ec, ecHeader, goodClaims({ sub }))}`);
    const actors = tokens.map((token) => verifier.verify(token));
    expect(verifier.verify(tokens[2])).to.equal(actors[2]);
    expect(verifier.verify(tokens[1])).to.equal(actors[1]);
    expect(verifier.verify(tokens[0]) === actors[0]).to.equal(false);
  });

  it('can be turned off', () => {
    const verifier = verifierOver(handSource(both), handClock(), 0);
    expect(verifier.verify(good) === verifier.verify(good)).to.equal(false);
  });

  it('keeps tokens of different people apart', () => {
    const verifier = verifierOver(handSource(both), handClock());
    for (const sub of ['a', 'b', 'a']) {
      const token = signed(ec, ecHeader, goodClaims({ sub, exp: START / 1000 + 60 }));
      expect(verifier.verify(`Bearer ${token}`)).to.have.property('sub', sub);
    }
  });

  it('refuses with the kind unauthenticated', () => {
    try {
      void verifierOver(handSource(both), handClock()).verify(undefined);
    } catch (error) {
      expect(isFailure(error) && error.kind).to.equal('unauthenticated');
      return;
    }
    expect.fail('it was accepted');
  });
});
