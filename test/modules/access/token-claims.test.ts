import { expect } from 'chai';
import {
  ecPair,
  goodClaims,
  handClock,
  handSource,
  jwkOf,
  keySet,
  outcome,
  signed,
  START,
  verifierOver,
} from './support.ts';

const pair = ecPair();
const now = START / 1000;

function verify(claims: object | string) {
  const verifier = verifierOver(handSource(keySet(jwkOf(pair))), handClock());
  return outcome(() => verifier.verify(`Bearer ${signed(pair, { alg: 'ES256' }, claims)}`));
}

function without(name: string): object {
  return Object.fromEntries(Object.entries(goodClaims()).filter(([key]) => key !== name));
}

describe('the claims of a token', () => {
  it('make the actor', () => {
    const verifier = verifierOver(handSource(keySet(jwkOf(pair))), handClock());
    const actor = verifier.verify(`Bearer ${signed(pair, { alg: 'ES256' }, goodClaims())}`);
    expect(actor).to.deep.equal({ sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' });
  });

  const cases: [title: string, claims: object, code: string][] = [
    ['another issuer', goodClaims({ iss: 'somebody' }), 'token-issuer'],
    ['no issuer', without('iss'), 'token-issuer'],
    ['an issuer in a list', goodClaims({ iss: ['test-issuer'] }), 'token-issuer'],
    ['another audience', goodClaims({ aud: 'elsewhere' }), 'token-audience'],
    ['no audience', without('aud'), 'token-audience'],
    ['an empty list of audiences', goodClaims({ aud: [] }), 'token-audience'],
    ['a list with something else than text', goodClaims({ aud: ['test-registry', 1] }), 'token-audience'],
    ['an expiry that is now', goodClaims({ exp: now }), 'token-expired'],
    ['an expiry in the past', goodClaims({ exp: now - 1 }), 'token-expired'],
    ['no expiry', without('exp'), 'token-claims'],
    ['an expiry in text', goodClaims({ exp: String(now + 60) }), 'token-claims'],
    ['an expiry that is null', goodClaims({ exp: null }), 'token-claims'],
    ['a start beyond the leeway', goodClaims({ nbf: now + 31 }), 'token-not-yet-valid'],
    ['a start in text', goodClaims({ nbf: '0' }), 'token-claims'],
    ['a start that is null', goodClaims({ nbf: null }), 'token-claims'],
    ['an issue time beyond the leeway', goodClaims({ iat: now + 31 }), 'token-not-yet-valid'],
    ['an issue time in text', goodClaims({ iat: 'now' }), 'token-claims'],
    ['no subject', without('sub'), 'token-claims'],
    ['an empty subject', goodClaims({ sub: '' }), 'token-claims'],
    ['a subject of spaces', goodClaims({ sub: '   ' }), 'token-claims'],
    ['a subject that is too long', goodClaims({ sub: 's'.repeat(201) }), 'token-claims'],
    ['a subject with a line break', goodClaims({ sub: 'a\nb' }), 'token-claims'],
    ['a subject with a text direction override', goodClaims({ sub: 'a\u202eb' }), 'token-claims'],
    ['a subject with a lone surrogate', goodClaims({ sub: 'a\ud800' }), 'token-claims'],
    ['a subject that is no text', goodClaims({ sub: 7 }), 'token-claims'],
    ['no role', without('role'), 'token-claims'],
    ['an unknown role', goodClaims({ role: 'admin' }), 'token-claims'],
    ['a role in other case', goodClaims({ role: 'Customs' }), 'token-claims'],
    ['several roles', goodClaims({ role: ['customs'] }), 'token-claims'],
    ['no organisation', without('org'), 'token-claims'],
    ['an organisation in capitals', goodClaims({ org: 'Acme' }), 'token-claims'],
    ['an organisation with a Cyrillic letter', goodClaims({ org: 'асme' }), 'token-claims'],
    ['an organisation with a full-width letter', goodClaims({ org: 'ａcme' }), 'token-claims'],
    ['an organisation with a trailing line break', goodClaims({ org: 'acme\n' }), 'token-claims'],
    ['an organisation that starts with a hyphen', goodClaims({ org: '-acme' }), 'token-claims'],
    ['an organisation that is too long', goodClaims({ org: 'a'.repeat(64) }), 'token-claims'],
    ['an organisation in a list', goodClaims({ org: ['acme'] }), 'token-claims'],
    ['no country', without('country'), 'token-claims'],
    ['a country in small letters', goodClaims({ country: 'tw' }), 'token-claims'],
    ['a country of three letters', goodClaims({ country: 'TWN' }), 'token-claims'],
    ['a country in full-width letters', goodClaims({ country: 'ＴＷ' }), 'token-claims'],
  ];
  for (const [title, claims, code] of cases) {
    it(`are refused with ${title}`, async () => {
      expect(await verify(claims)).to.equal(code);
    });
  }

  const accepted: [title: string, claims: object][] = [
    ['the audience in a list', goodClaims({ aud: ['elsewhere', 'test-registry'] })],
    ['a start within the leeway', goodClaims({ nbf: now + 30 })],
    ['an issue time within the leeway', goodClaims({ iat: now + 30 })],
    ['no start and no issue time', without('iat')],
    ['an expiry in a second', goodClaims({ exp: now + 1 })],
    ['a subject in another script', goodClaims({ sub: '王小明 |idp|42' })],
    ['the longest subject and organisation', goodClaims({ sub: 's'.repeat(200), org: 'a'.repeat(63) })],
    ['claims nobody knows here', goodClaims({ scope: 'x', constructor: 'y' })],
  ];
  for (const [title, claims] of accepted) {
    it(`are accepted with ${title}`, async () => {
      expect(await verify(claims)).to.equal('accepted');
    });
  }

  it('are not taken from a prototype', async () => {
    const claims = JSON.stringify(without('role')).replace('{', '{"__proto__":{"role":"operator"},');
    expect(await verify(claims)).to.equal('token-claims');
  });

  it('are not looked at before the signature fits', async () => {
    const verifier = verifierOver(handSource(keySet(jwkOf(pair))), handClock());
    const token = signed(ecPair(), { alg: 'ES256' }, goodClaims({ exp: now - 100, role: 'x' }));
    expect(await outcome(() => verifier.verify(`Bearer ${token}`))).to.equal('token-signature');
  });

  it('are named, never quoted, when they are wrong', () => {
    const verifier = verifierOver(handSource(keySet(jwkOf(pair))), handClock());
    const token = signed(pair, { alg: 'ES256' }, goodClaims({ org: 'SECRET', role: 'HIDDEN' }));
    expect(() => verifier.verify(`Bearer ${token}`))
      .to.throw(/role, org/)
      .with.property('message')
      .that.does.not.match(/SECRET|HIDDEN/);
  });
});
