import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import {
  createTokenVerifier,
  ensureDevelopmentKeys,
  openKeySource,
  signDevelopmentToken,
} from '../../../src/modules/access/index.ts';
import { AUDIENCE, handClock, ISSUER, outcome } from './support.ts';

const MODULE = new URL('../../../src/modules/access/index.ts', import.meta.url).href;

describe('development keys and tokens', () => {
  let root: string;
  let dataDir: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dev-keys-'));
    dataDir = join(root, 'data');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const request = (more: object = {}) => ({
    ...{ dataDir, role: 'exporter', org: 'acme', country: 'TW', sub: 'clerk-1', expires: '1h' },
    ...{ issuer: ISSUER, audience: AUDIENCE, clock: handClock() },
    ...more,
  });

  it('are made once, the private one readable by its owner alone', () => {
    const made = ensureDevelopmentKeys(dataDir);
    const before = readFileSync(made.jwksFile, 'utf8');
    expect(made.created).to.equal(true);
    expect(ensureDevelopmentKeys(dataDir)).to.deep.equal({ ...made, created: false });
    expect(readFileSync(made.jwksFile, 'utf8')).to.equal(before);
    const mode = statSync(join(dataDir, 'dev-keys', 'private.pem')).mode;
    expect(mode & 0o777).to.equal(0o600);
  });

  it('are published without anything private, with an id and a use', () => {
    const text = readFileSync(ensureDevelopmentKeys(dataDir).jwksFile, 'utf8');
    const { keys } = JSON.parse(text) as { keys: object[] };
    expect(keys).to.have.length(1);
    expect(keys[0]).to.have.all.keys('kty', 'crv', 'x', 'y', 'kid', 'alg', 'use');
    expect(keys[0]).to.include({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  });

  it('are one pair for several processes that start at once', async () => {
    const script = `
      const { ensureDevelopmentKeys } = await import(${JSON.stringify(MODULE)});
      process.stdout.write(String(ensureDevelopmentKeys(${JSON.stringify(dataDir)}).created));`;
    const run = () =>
      promisify(execFile)(process.execPath, ['--import=tsx', '--input-type=module', '-e', script]);
    const created = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout);
    expect(created.sort()).to.deep.equal(['false', 'false', 'true']);
    expect(readdirSync(dataDir)).to.deep.equal(['dev-keys']);
  });

  it('are not mended when half of them is missing', () => {
    unlinkSync(ensureDevelopmentKeys(dataDir).jwksFile);
    expect(() => ensureDevelopmentKeys(dataDir)).to.throw('remove it to get new ones');
  });

  it('sign a token that the verifier takes until it expires', async () => {
    const clock = handClock();
    const token = signDevelopmentToken(request({ expires: '2m', clock }));
    const keys = await openKeySource(ensureDevelopmentKeys(dataDir).jwksFile, { clock });
    const verifier = createTokenVerifier({ keys, issuer: ISSUER, audience: AUDIENCE, clock });
    const actor = { sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' };
    expect(verifier.verify(`Bearer ${token}`)).to.deep.equal(actor);
    clock.move(120_000);
    expect(await outcome(() => verifier.verify(`Bearer ${token}`))).to.equal('token-expired');
  });

  it('sign nothing that would be refused, and name each fault', () => {
    try {
      signDevelopmentToken(request({ role: 'admin', org: 'A b', country: 'tw', sub: '', expires: '1x' }));
    } catch (error) {
      const fields = isFailure(error, 'token-request-invalid') && error.faults.map(({ field }) => field);
      expect(fields).to.deep.equal(['sub', 'role', 'org', 'country', 'expires']);
      return;
    }
    expect.fail('it was signed');
  });

  it('understand seconds, minutes, hours and days, up to 365 days', async () => {
    for (const expires of ['1s', '90m', '24h', '365d']) {
      expect(await outcome(() => signDevelopmentToken(request({ expires }))), expires).to.equal('accepted');
    }
    for (const expires of ['', '0s', '-1h', '1', 'h', '1.5h', '1 h', '1H', '366d', '999999999d', '1hh']) {
      const code = await outcome(() => signDevelopmentToken(request({ expires })));
      expect(code, expires).to.equal('token-request-invalid');
    }
  });
});
