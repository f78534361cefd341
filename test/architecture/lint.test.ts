import { ESLint } from 'eslint';
import { expect } from 'chai';
import { ROOT } from './tree.ts';

const MODULE_FILE = 'src/modules/register/item.ts';
const LINES = (count: number) => 'export {};\n'.repeat(count);

/** What the lint rules must refuse, each in a file that exists, whose text is replaced. */
const REFUSED: readonly (readonly [what: string, rule: string, file: string, text: string])[] = [
  ['Date.now() in a module', 'no-restricted-syntax', MODULE_FILE, 'export const now = Date.now();'],
  [
    'new Date() in the kernel',
    'no-restricted-syntax',
    'src/kernel/clock.ts',
    'export const now = new Date();',
  ],
  ['Math.random() in a module', 'no-restricted-syntax', MODULE_FILE, 'export const dice = Math.random();'],
  [
    'randomUUID() in a module',
    'no-restricted-syntax',
    MODULE_FILE,
    "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();",
  ],
  [
    'fetch() in a module',
    'no-restricted-globals',
    MODULE_FILE,
    "export const page = fetch('http://localhost/');",
  ],
  [
    'the environment in a module',
    'no-restricted-syntax',
    MODULE_FILE,
    "export const port = process.env['PORT'];",
  ],
  [
    'the environment in main',
    'no-restricted-syntax',
    'src/main/stores.ts',
    "export const port = process.env['PORT'];",
  ],
  ['the console in a module', 'no-console', MODULE_FILE, "console.log('here');"],
  ['a default export', 'no-restricted-syntax', MODULE_FILE, 'export default 1;'],
  [
    'a promise that nobody waits for',
    '@typescript-eslint/no-floating-promises',
    MODULE_FILE,
    'export function go(): void {\n  Promise.resolve(1);\n}',
  ],
  [
    'a switch that forgets a case',
    '@typescript-eslint/switch-exhaustiveness-check',
    MODULE_FILE,
    "export function go(way: 'in' | 'out'): void {\n  switch (way) {\n    case 'in':\n      break;\n  }\n}",
  ],
  [
    'any',
    '@typescript-eslint/no-explicit-any',
    MODULE_FILE,
    'export function go(it: any): void {\n  void it;\n}',
  ],
  ['more than 250 lines', 'max-lines', MODULE_FILE, LINES(251)],
  ['more than 400 lines of test', 'max-lines', 'test/kernel/serial.test.ts', LINES(401)],
];

const ALLOWED: readonly (readonly [what: string, file: string, text: string])[] = [
  [
    'the environment in the configuration',
    'src/config/environment.ts',
    "export const port = process.env['PORT'];",
  ],
  ['a date from a text in a module', MODULE_FILE, "export const day = new Date('2026-01-01');"],
  ['250 lines', MODULE_FILE, LINES(250)],
  ['400 lines of test', 'test/kernel/serial.test.ts', LINES(400)],
];

describe('the lint rules', () => {
  const eslint = new ESLint({ cwd: ROOT });

  async function rulesBroken(file: string, text: string): Promise<(string | null)[]> {
    const results = await eslint.lintText(`${text.trimEnd()}\n`, { filePath: file });
    return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
  }

  for (const [what, rule, file, text] of REFUSED) {
    it(`refuse ${what}`, async () => {
      expect(await rulesBroken(file, text)).to.include(rule);
    });
  }

  for (const [what, file, text] of ALLOWED) {
    it(`allow ${what}`, async () => {
      expect(await rulesBroken(file, text)).to.deep.equal([]);
    });
  }
});
