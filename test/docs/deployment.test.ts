import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CONFIG_KEYS } from '../../src/config/config.ts';
import { filesBelow, ROOT, textOf } from '../architecture/tree.ts';

const FOLDER = 'docs/deployment';
const COMPOSE = `${FOLDER}/compose.yaml`;
const UNITS = filesBelow(`${FOLDER}/systemd`, /\.service$/);
const EXPLAINED = [
  COMPOSE,
  `${FOLDER}/Dockerfile`,
  `${FOLDER}/haproxy.cfg`,
  `${FOLDER}/registry.env.example`,
  ...UNITS,
];
/** Passwords of the other servers, which only the compose file knows. */
const PASSWORDS = ['MONGO_ROOT_PASSWORD', 'MONGO_REGISTRY_PASSWORD', 'REDIS_PASSWORD'];
const DOCUMENTS = [`${FOLDER}/README.md`, 'docs/engines.md', 'docs/scaling.md'];
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

function all(file: string, pattern: RegExp): string[] {
  return [...textOf(file).matchAll(pattern)].map(([, found = '']) => found);
}

/** Lines that set something and have no comment right above. */
function unexplained(file: string): string[] {
  const lines = textOf(file).split('\n');
  return lines.filter((line, index) => {
    const isSetting = /\S/.test(line) && !/^\s*#/.test(line);
    const isHeading = /^(\[\w+\]|services:|global|defaults|(frontend|backend|resolvers) \w+)$/.test(line);
    return isSetting && !isHeading && !/^\s*#/.test(lines[index - 1] ?? '');
  });
}

describe('the deployment', () => {
  it('sets only what the registry reads', () => {
    const named = [
      ...all(COMPOSE, /^ +([A-Z][A-Z_]+):/gm),
      ...all(`${FOLDER}/registry.env.example`, /^([A-Z_]+)=/gm),
      ...all(`${FOLDER}/Dockerfile`, /^ENV ([A-Z_]+)=/gm),
      ...UNITS.flatMap((unit) => all(unit, /^Environment=([A-Z_]+)=/gm)),
    ];
    expect(named).to.include.members(['DATABASE_URL', 'NODE_ENV', 'PORT', 'DATA_DIR']);
    const known: readonly string[] = [...CONFIG_KEYS, ...PASSWORDS];
    expect(named.filter((name) => !known.includes(name))).to.deep.equal([]);
  });

  it('keeps secrets out of the image', () => {
    const kept = textOf(`${FOLDER}/Dockerfile.dockerignore`).split('\n');
    expect(kept).to.include.members(['**/.env', 'docs/deployment/secrets', 'data']);
  });

  it('starts the entry of the build with roles that exist, and commands that exist', () => {
    const roles = [
      ...all(COMPOSE, /command: \["(\w+)"\]/g),
      ...UNITS.flatMap((unit) => all(unit, /^ExecStart=.* dist\/src\/main\/serve\.js (\w+)$/gm)),
    ];
    expect(roles).to.have.members(['api', 'api', 'worker', 'worker', 'api', 'worker']);
    expect(all(COMPOSE, /entrypoint: \["npm", "run", "(\w+)"\]/g)).to.deep.equal(['indexes']);
    const files = [...EXPLAINED, ...DOCUMENTS];
    const named = files.flatMap((file) =>
      all(file, /\bnpm (?:run )?(?!ci\b)([a-z]+(?:[:-][a-z]+)*)(?=[\s`.,;]|$)/gm),
    );
    const commands = named.filter((name) => !['would', 'because', 'packages'].includes(name));
    expect(commands).to.include.members(['indexes', 'build', 'start', 'test', 'bench:size']);
    expect(commands.filter((name) => scripts[name] === undefined)).to.deep.equal([]);
  });

  for (const file of EXPLAINED) {
    it(`${file} explains every line`, () => {
      expect(unexplained(file)).to.deep.equal([]);
    });
  }

  it('asks readiness, replaces what a client says about itself, and repeats only what twice is the same as once', () => {
    const settings = textOf(`${FOLDER}/haproxy.cfg`).replaceAll(/^\s*#.*$/gm, '');
    expect(settings).to.include('uri /readyz');
    expect(settings).to.include('del-header X-Forwarded-For');
    expect(settings).to.include(`body_size gt ${64 * 2 ** 20} `);
    expect(settings).to.match(/retry-on conn-failure empty-response$/m);
    const twiceIsOnce = '{ req.hdr(Idempotency-Key) -m found }';
    expect(settings).to.include(`disable-l7-retry unless METH_GET || ${twiceIsOnce}`);
    expect(settings).not.to.include('http-buffer-request');
  });

  for (const file of DOCUMENTS) {
    it(`${file} links only to what is there`, () => {
      const links = all(file, /\]\(([^)#]+)[^)]*\)/g).filter((link) => !link.startsWith('https:'));
      expect(links).not.to.have.length(0);
      expect(links.filter((link) => !existsSync(join(ROOT, dirname(file), link)))).to.deep.equal([]);
    });
  }
});
