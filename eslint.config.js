import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SCRIPTS_THAT_SET_UP = ['scripts/**/*.mjs'];
const CONFIG_FILES = ['*.js', '*.cjs'];
/** Loaded by bare Node ahead of what tests start. */
const PRELOADED = ['test/**/*.mjs'];
const NODE_GLOBALS = Object.fromEntries(
  [
    'console',
    'process',
    'performance',
    'setInterval',
    'clearInterval',
    'setTimeout',
    'module',
    'URL',
    'globalThis',
  ].map((name) => [name, 'readonly']),
);

const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config reads the environment.',
};
const ENVIRONMENT_IMPORT = {
  selector: "ImportDeclaration[source.value='node:process']",
  message: 'Use the global process, so that reading the environment is seen.',
};
const DEFAULT_EXPORT = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const NOW = [
  {
    selector: "MemberExpression[object.name=/^(Date|performance)$/][property.name='now']",
    message: 'The time comes in through a Clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The time comes in through a Clock.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'The time comes in through a Clock.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness comes in through a Random.',
  },
  {
    selector: 'Identifier[name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]',
    message: 'Randomness comes in through a Random.',
  },
];

/** Rules beyond the presets; what each is for is in docs/adr or in its message. */
export default defineConfig(
  globalIgnores(['dist/', 'data/', 'docs/', '.tmp/']),
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250 }],
      'no-restricted-syntax': ['error', ENVIRONMENT, ENVIRONMENT_IMPORT, DEFAULT_EXPORT],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/require-await': 'off', // every port is asynchronous, whatever its engine is
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/unbound-method': 'off', // services and ports are closures, made by factories
    },
  },
  {
    files: ['src/config/**'],
    rules: { 'no-restricted-syntax': ['error', ENVIRONMENT_IMPORT, DEFAULT_EXPORT] },
  },
  {
    files: ['src/modules/**', 'src/kernel/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ENVIRONMENT, ENVIRONMENT_IMPORT, DEFAULT_EXPORT, ...NOW],
    },
  },
  {
    files: ['src/modules/**', 'src/kernel/**'],
    ignores: ['**/*.fetch.ts'],
    rules: { 'no-restricted-globals': ['error', { name: 'fetch', message: 'Only *.fetch.ts files fetch.' }] },
  },
  {
    files: ['test/**'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', DEFAULT_EXPORT], // tests give the processes they start an environment
    },
  },
  {
    files: [...CONFIG_FILES, 'test/support/reporter.ts', 'src/web/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // these tools load a default export
  },
  {
    files: [...SCRIPTS_THAT_SET_UP, ...CONFIG_FILES, ...PRELOADED],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: NODE_GLOBALS },
  },
  {
    files: SCRIPTS_THAT_SET_UP,
    rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT] }, // they run before there is a configuration
  },
);
