import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { createTokenVerifier, ensureDevelopmentKeys, openKeySource } from '../../src/modules/access/index.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/token.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const GOOD = [
  '--role',
  'exporter',
  '--org',
  'acme',
  '--country',
  'TW',
  '--sub',
  'clerk-1',
  '--expires',
  '1h',
];

describe('scripts/token', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'token-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  /** Runs it away from the project's folder, with nothing in the environment but what is given. */
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env },
      encoding: 'utf8',
    });

  it('prints nothing but a token that the keys of DATA_DIR verify', async () => {
    const { stdout, stderr, status } = run(GOOD);
    expect([status, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const clock = { now: () => new Date().toISOString() };
    const keys = await openKeySource(ensureDevelopmentKeys(dataDir).jwksFile, { clock });
    const name = 'pill-press-registry';
    const verifier = createTokenVerifier({ keys, issuer: name, audience: name, clock });
    const actor = { sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' };
    expect(verifier.verify(`Bearer ${stdout.trim()}`)).to.deep.equal(actor);
  });

  it('takes issuer and audience from the environment', () => {
    const { stdout } = run(GOOD, { JWT_ISSUER: 'somebody', JWT_AUDIENCE: 'elsewhere' });
    const payload = Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(payload)).to.include({ iss: 'somebody', aud: 'elsewhere' });
  });

  it('refuses in production and where real keys are configured, and makes no keys', () => {
    for (const env of [
      { NODE_ENV: 'production' },
      { JWT_JWKS: 'jwks.json' },
      { NODE_ENV: 'production', JWT_JWKS: 'jwks.json' },
    ]) {
      const { stdout, stderr, status } = run(GOOD, env);
      expect([status, stdout]).to.deep.equal([3, '']);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stderr).to.include('JWT_JWKS');
    }
    expect(existsSync(join(dataDir, 'dev-keys'))).to.equal(false);
  });

  it('minds the .env file of the working folder', () => {
    writeFileSync(join(dataDir, '.env'), 'JWT_JWKS=jwks.json\n');
    expect(run(GOOD).status).to.equal(3);
  });

  const wrong: [option: string, args: string[]][] = [
    ['--role', GOOD.slice(2)],
    ['--role', [...GOOD, '--role', 'admin']],
    ['--org', [...GOOD, '--org', 'Acme Ltd']],
    ['--country', [...GOOD, '--country', 'Taiwan']],
    ['--sub', [...GOOD, '--sub', '']],
    ['--expires', [...GOOD, '--expires', 'soon']],
    ['--colour', [...GOOD, '--colour', 'red']],
  ];
  for (const [option, args] of wrong) {
    it(`exits 2 and names ${option} for ${args.slice(-2).join(' ')}`, () => {
      const { stdout, stderr, status } = run(args);
      expect([status, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.include(option);
    });
  }

  it('explains itself', () => {
    const { stdout, status } = run(['--help']);
    expect(status).to.equal(0);
    expect(stdout).to.include('--expires');
  });
});
