import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { ICruiseResult, IConfiguration } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import { ROOT } from './tree.ts';

const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as IConfiguration;
const rules = (config.forbidden ?? []).map((rule) => String(rule.name));

/** Every rule with one import, from file to file or package, that it must refuse. */
const VIOLATIONS: Record<string, readonly [from: string, to: string]> = {
  'technology-of-none': ['src/modules/register/a.service.ts', 'better-sqlite3'],
  'technology-of-schema': ['src/modules/register/a.schema.ts', 'express'],
  'technology-of-http': ['src/modules/register/a.http.ts', 'src/platform/sqlite/index.ts'],
  'technology-of-sqlite': ['src/modules/register/a.sqlite.ts', 'express'],
  'technology-of-mongo': ['src/modules/register/a.mongo.ts', 'better-sqlite3'],
  'technology-of-queue': ['src/modules/register/a.queue.ts', 'express'],
  'technology-of-jwt': ['src/modules/access/a.jwt.ts', 'node:fs'],
  'technology-of-files': ['src/modules/register/a.files.ts', 'node:http'],
  'technology-of-fetch': ['src/modules/access/a.fetch.ts', 'node:fs'],
  'technology-of-pdf': ['src/modules/register/a.pdf.ts', 'node:fs'],
  'technology-of-csv': ['src/modules/imports/a.csv.ts', 'node:fs'],
  'technology-of-xlsx': ['src/modules/imports/a.xlsx.ts', 'csv-parse'],
  'technology-of-bwip': ['src/modules/register/a.bwip.ts', 'pdfkit'],
  'pure-libraries-of-catalogue': ['src/modules/register/fuzzy.ts', 'fuzzball'],
  'arrow-from-access': ['src/modules/access/up.ts', 'src/modules/catalogue/index.ts'],
  'arrow-from-catalogue': ['src/modules/catalogue/up.ts', 'src/modules/register/index.ts'],
  'arrow-from-ledger': ['src/modules/ledger/up.ts', 'src/modules/register/index.ts'],
  'arrow-from-register': ['src/modules/register/up.ts', 'src/modules/declarations/index.ts'],
  'arrow-from-declarations': ['src/modules/declarations/up.ts', 'src/modules/imports/index.ts'],
  'arrow-from-imports': ['src/modules/imports/up.ts', 'src/modules/verification/index.ts'],
  'arrow-from-verification': ['src/modules/verification/up.ts', 'src/modules/lookup/index.ts'],
  'arrow-from-lookup': ['src/modules/lookup/up.ts', 'src/modules/audit/index.ts'],
  'arrow-from-audit': ['src/modules/audit/up.ts', 'src/modules/exports/index.ts'],
  'arrow-from-exports': ['src/modules/exports/up.ts', 'src/modules/transfer/index.ts'],
  'known-module': ['src/main/known.ts', 'src/modules/gossip/index.ts'],
  'module-door': ['src/modules/declarations/door.ts', 'src/modules/register/item.ts'],
  'main-through-doors': ['src/main/door.ts', 'src/modules/register/item.ts'],
  'platform-door': ['src/main/platform.ts', 'src/platform/sqlite/open.ts'],
  'platform-door-inside': ['src/platform/http/inside.ts', 'src/platform/sqlite/open.ts'],
  'platform-below': ['src/platform/http/words.ts', 'src/modules/register/index.ts'],
  'kernel-alone': ['src/kernel/reads.ts', 'node:fs'],
  'config-alone': ['src/config/knows.ts', 'src/kernel/word.ts'],
  'config-from-main': ['src/platform/http/configured.ts', 'src/config/config.ts'],
  'main-on-top': ['src/kernel/wires.ts', 'src/main/compose.ts'],
  'web-alone': ['src/web/reach.ts', 'src/modules/register/index.ts'],
  'web-apart': ['src/main/web.ts', 'src/web/page.ts'],
  'src-alone': ['src/main/scripted.ts', 'scripts/seed.ts'],
  'scripts-without-tests': ['scripts/tested.ts', 'test/support/fake.ts'],
  'no-cycle': ['src/main/about.ts', 'src/main/round.ts'],
  'no-development-package': ['src/main/developed.ts', 'mocha'],
  resolvable: ['src/main/nowhere.ts', 'no-such-package'],
};

/** Violations that break a second rule by their nature. */
const ALSO: Record<string, string> = {
  'config-from-main': 'platform-below',
  'main-on-top': 'kernel-alone',
};

/** Imports that must pass, so that no rule is kept by refusing everything. */
const LEGAL: readonly (readonly [from: string, to: string])[] = [
  ['src/modules/declarations/legal.service.ts', 'src/modules/register/index.ts'],
  ['src/modules/declarations/legal.service.ts', 'src/kernel/word.ts'],
  ['src/modules/declarations/legal.ts', 'node:crypto'],
  ['src/modules/catalogue/legal.ts', 'fuzzball'],
  ['src/modules/register/legal.schema.ts', 'joi'],
  ['src/modules/register/legal.http.ts', 'src/platform/http/index.ts'],
  ['src/modules/register/legal.http.ts', 'src/modules/access/index.ts'],
  ['src/modules/register/legal.sqlite.ts', 'src/platform/sqlite/index.ts'],
  ['src/modules/register/legal.sqlite.ts', 'better-sqlite3'],
  ['src/modules/access/legal.files.ts', 'node:fs'],
  ['src/main/legal.ts', 'src/modules/register/legal.sqlite.ts'],
  ['src/main/legal.ts', 'src/config/config.ts'],
  ['src/platform/http/legal.ts', 'express'],
];

/** A source tree that holds these imports and nothing else. */
function plant(folder: string): void {
  const imports = [
    ...Object.values(VIOLATIONS),
    ...LEGAL,
    ['src/main/round.ts', 'src/main/about.ts'] as const,
  ];
  const texts = new Map<string, string>();
  for (const [from, to] of imports) {
    const ups = '../'.repeat(dirname(from).split('/').length);
    const isFile = /^(src|scripts|test)\//.test(to);
    texts.set(from, `${texts.get(from) ?? ''}import '${isFile ? ups + to : to}';\n`);
    if (isFile && !texts.has(to)) texts.set(to, '');
  }
  for (const [file, text] of texts) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}export const planted = 1;\n`);
  }
}

async function violationsOf(folder: string): Promise<Map<string, string[]>> {
  const { forbidden, options } = config;
  const ruleSet = forbidden === undefined ? {} : { forbidden };
  const { tsConfig: _unused, exclude: _own, ...rest } = options ?? {};
  const result = await cruise(['src', 'scripts'], { ...rest, ruleSet, validate: true, baseDir: folder });
  const found = new Map<string, string[]>();
  for (const { from, rule } of (result.output as ICruiseResult).summary.violations) {
    found.set(from, [...(found.get(from) ?? []), rule.name]);
  }
  return found;
}

describe('the arrows between files', () => {
  let folder: string;
  let found: Map<string, string[]>;

  before(async () => {
    // Inside the project, so that the packages are found.
    mkdirSync(join(ROOT, '.tmp'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.tmp', 'arrows-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ devDependencies: { mocha: '*' } }));
    plant(folder);
    found = await violationsOf(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are all proven here', () => {
    expect(Object.keys(VIOLATIONS)).to.have.members(rules);
  });

  for (const [rule, [from, to]] of Object.entries(VIOLATIONS)) {
    it(`${rule}: refuses ${to} in ${from}`, () => {
      const expected = ALSO[rule] === undefined ? [rule] : [rule, ALSO[rule]];
      expect([...new Set(found.get(from))]).to.have.members(expected);
    });
  }

  for (const [from, to] of LEGAL) {
    it(`allow ${to} in ${from}`, () => {
      expect(found.get(from)).to.equal(undefined);
    });
  }
});
