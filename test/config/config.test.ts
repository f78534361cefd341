import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, loadEnvironment, readConfig } from '../../src/config/config.ts';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('config', () => {
  it('has a default for everything outside production', () => {
    const config = readConfig({});
    expect(config).to.include({
      port: 8080,
      host: '127.0.0.1',
      production: false,
      redisServer: 'redis-server',
    });
    expect(config).to.include({ expiryDays: 180, ratePerMinute: 60_000, publicUrl: 'http://localhost:8080' });
    expect(config.redisUrl).to.equal(undefined);
    expect(isAbsolute(config.dataDir)).to.equal(true);
    expect(config.catalogueDir).to.equal(join(process.cwd(), 'catalogue'));
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ PORT: '', REDIS_URL: ' ', JWT_ISSUER: '' })).to.deep.equal(readConfig({}));
  });

  it('names every fault at once', () => {
    const env = {
      NODE_ENV: 'production',
      PORT: '80a',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://x',
      PUBLIC_URL: 'x',
    };
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.split(' ')[0])).to.have.members([
      'JWT_JWKS',
      'PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'PUBLIC_URL',
    ]);
  });

  it('prints no value of a variable', () => {
    const secret = 'http://user:hunter2@host';
    const faults = faultsOf({
      REDIS_URL: secret,
      PORT: 'hunter2',
      LOG_LEVEL: 'hunter2',
      EXPIRY_DAYS: 'hunter2',
    });
    expect(faults).to.have.length(4);
    expect(faults.join()).not.to.include('hunter2');
  });

  for (const value of ['-1', '1.5', '1e3', '0x10', '65536', '٣', 'Infinity']) {
    it(`refuses ${value} as a port`, () => {
      expect(faultsOf({ PORT: value })).to.deep.equal(['PORT must be a whole number from 0 to 65535']);
    });
  }

  it('trusts no proxy unless told how many', () => {
    expect(readConfig({}).trustProxy).to.equal(0);
    expect(readConfig({ TRUST_PROXY: '2' }).trustProxy).to.equal(2);
    for (const value of ['11', '-1', 'true', 'loopback']) {
      expect(faultsOf({ TRUST_PROXY: value })).to.deep.equal([
        'TRUST_PROXY must be a whole number from 0 to 10',
      ]);
    }
  });

  it('leaves the grace at the end to the role unless it is told', () => {
    expect(readConfig({}).shutdownGraceMs).to.equal(undefined);
    expect(readConfig({ SHUTDOWN_GRACE_MS: '0' }).shutdownGraceMs).to.equal(0);
    expect(faultsOf({ SHUTDOWN_GRACE_MS: '300001' })).to.deep.equal([
      'SHUTDOWN_GRACE_MS must be a whole number from 0 to 300000',
    ]);
  });

  it('drops the slash at the end of the public address', () => {
    expect(readConfig({ PUBLIC_URL: 'https://registry.example/' }).publicUrl).to.equal(
      'https://registry.example',
    );
  });

  it('adds what .env sets, but lets the environment win', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const before = process.cwd();
    writeFileSync(join(folder, '.env'), 'HOST=from-file\nEXPIRY_DAYS=7\n');
    try {
      process.chdir(folder);
      process.env['HOST'] = 'from-environment';
      const config = readConfig(loadEnvironment());
      expect(config).to.include({ host: 'from-environment', expiryDays: 7 });
    } finally {
      process.chdir(before);
      delete process.env['HOST'];
      delete process.env['EXPIRY_DAYS'];
      rmSync(folder, { recursive: true });
    }
  });
});
