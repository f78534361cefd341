import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { parseKeySet } from '../../../src/modules/access/key-set.ts';
import { ecPair, jwkOf, jwksText, keySet, rsaPair } from './support.ts';

const ec = ecPair();
const rsa = rsaPair();

function parse(text: string) {
  return () => parseKeySet(Buffer.from(text));
}

describe('a key set', () => {
  it('pins each key to one algorithm', () => {
    const { keys } = keySet(jwkOf(ec, { kid: 'a' }), jwkOf(rsa));
    expect(keys.map(({ kid, alg }) => [kid, alg])).to.deep.equal([
      ['a', 'ES256'],
      [undefined, 'RS256'],
    ]);
  });

  it('takes keys that say what they are for', () => {
    const more = { use: 'sig', key_ops: ['verify'], alg: 'ES256' };
    expect(keySet(jwkOf(ec, more)).keys).to.have.length(1);
  });

  const unusable: [title: string, key: () => object][] = [
    ['for encryption', () => jwkOf(ec, { use: 'enc' })],
    ['with other operations', () => jwkOf(ec, { key_ops: ['encrypt'] })],
    ['with operations that are no list', () => jwkOf(ec, { key_ops: 'verify' })],
    ['for another algorithm', () => jwkOf(rsa, { alg: 'PS256' })],
    ['with an id that is no text', () => jwkOf(ec, { kid: 7 })],
    ['on another curve', () => jwkOf(ecPair('P-384'))],
    ['with too few bits', () => jwkOf(rsaPair(1024))],
    ['with an exponent of one', () => jwkOf(rsa, { e: 'AQ' })],
    ['of another type', () => jwkOf(generateKeyPairSync('ed25519'))],
    ['with broken numbers', () => ({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' })],
    ['without a type', () => ({ kid: 'a' })],
  ];
  for (const [title, key] of unusable) {
    it(`leaves out a key ${title}`, () => {
      expect(keySet(jwkOf(ecPair(), { kid: 'good' }), key()).keys.map((each) => each.kid)).to.deep.equal([
        'good',
      ]);
      expect(parse(jwksText(key()))).to.throw('no usable key');
    });
  }

  it('is refused with a private key inside', () => {
    const jwk = ec.privateKey.export({ format: 'jwk' });
    expect(parse(jwksText(jwkOf(rsa), jwk))).to.throw('private or secret key');
    expect(parse(jwksText({ ...rsa.privateKey.export({ format: 'jwk' }), use: 'enc' }))).to.throw('private');
  });

  it('is refused with a shared secret inside', () => {
    expect(parse(jwksText(jwkOf(ec), { kty: 'oct', k: 'c2VjcmV0' }))).to.throw('private or secret key');
  });

  it('is refused when two keys of one algorithm have one id', () => {
    expect(parse(jwksText(jwkOf(ec, { kid: 'a' }), jwkOf(ecPair(), { kid: 'a' })))).to.throw('same kid');
  });

  it('is refused when it is something else', () => {
    for (const text of ['', 'null', '[]', '{}', '{"keys":{}}', '{"keys":[1]}', '{"keys":[[]]}', '<html>']) {
      expect(parse(text), text).to.throw('not a JSON Web Key Set');
    }
  });

  it('is refused when it is empty', () => {
    expect(parse('{"keys":[]}')).to.throw('no usable key');
  });
});
