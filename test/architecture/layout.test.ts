import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import type { IConfiguration } from 'dependency-cruiser';
import { CONFIG_KEYS } from '../../src/config/config.ts';
import { filesBelow, ROOT, textOf } from './tree.ts';

const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as IConfiguration;

/** Suffixes that name a technology have a rule each; these two hold domain words. */
const SUFFIXES = [
  'ports',
  'service',
  ...(config.forbidden ?? []).flatMap(
    ({ name }) => /^technology-of-(?!none$)(\w+)$/.exec(name ?? '')?.[1] ?? [],
  ),
];

/** Ports that promise nothing a suite could hold an engine to. */
const WITHOUT_SUITE = ['VerificationRequests'];

/** The exported interfaces of a file that have methods: what an engine implements. */
function portsIn(file: string): string[] {
  const interfaces = textOf(file).matchAll(/^export interface (\w+)[^{]*\{(.*?)^\}/gms);
  return [...interfaces].flatMap(([, name = '', body = '']) => (/^ {2}\w+\(/m.test(body) ? [name] : []));
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

describe('the layout of the source', () => {
  it('has modules whose files bear known suffixes only', () => {
    const files = filesBelow('src/modules', /./);
    const known = new RegExp(String.raw`^[a-z0-9-]+(\.(${SUFFIXES.join('|')}))?\.ts$`);
    expect(files).not.to.have.length(0);
    expect(files.filter((file) => !known.test(basename(file)))).to.deep.equal([]);
  });

  it('lists every suffix in the decision about suffixes', () => {
    const decision = textOf('docs/adr/0001-suffix-names-the-technology.md');
    expect(SUFFIXES.filter((suffix) => !decision.includes(`.${suffix}.ts`))).to.deep.equal([]);
  });

  it('gives every module a door', () => {
    const modules = new Set(filesBelow('src/modules', /\.ts$/).map((file) => file.split('/')[2] ?? ''));
    const closed = [...modules].filter((name) => !existsSync(join(ROOT, 'src/modules', name, 'index.ts')));
    expect(closed).to.deep.equal([]);
  });

  it('has a contract suite for every port, run on every engine', () => {
    const ports = filesBelow('src/modules', /\.ports\.ts$/).flatMap(portsIn);
    expect(ports).to.include.members(['RegisterStore', 'DeclarationStore', 'LookupLog', ...WITHOUT_SUITE]);
    const suites = new Map(
      filesBelow('test/contract', /\.ts$/).map((file) => [basename(file), textOf(file)]),
    );
    const missing = ports
      .filter((port) => !WITHOUT_SUITE.includes(port))
      .filter((port) => !suites.get(`${kebab(port)}.contract.test.ts`)?.includes('onEveryEngine('));
    expect(missing).to.deep.equal([]);
  });

  it('lists exactly the settings that are read in .env.example', () => {
    const listed = [...textOf('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, key]) => key);
    expect(listed).to.have.members([...CONFIG_KEYS]);
    expect(listed).to.have.length(CONFIG_KEYS.length);
  });

  it('has tests that the test command finds', () => {
    const stray = filesBelow('test', /\.(test|spec)\./).filter((file) => !file.endsWith('.test.ts'));
    expect(stray).to.deep.equal([]);
  });

  it('has decisions that say what they are and who enforces them', () => {
    const decisions = filesBelow('docs/adr', /\.md$/);
    expect(decisions).not.to.have.length(0);
    const numbers = decisions.map((file) => Number(basename(file).slice(0, 4)));
    expect(numbers).to.deep.equal(decisions.map((_, index) => index + 1));
    for (const file of decisions) {
      const headings = [...textOf(file).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings, file).to.deep.equal(['Context', 'Decision', 'Consequences', 'Enforced by']);
    }
  });

  it('has decisions that name files and folders which exist', () => {
    const named = filesBelow('docs/adr', /\.md$/).flatMap((file) =>
      [...textOf(file).matchAll(/`((?:src|test|scripts|docs)\/[\w./-]+)`/g)].map(([, path = '']) => path),
    );
    expect(named).not.to.have.length(0);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).to.deep.equal([]);
  });
});
