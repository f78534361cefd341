// The arrows of the source tree: docs/adr/0001-suffix-names-the-technology.md says why. Every rule here is proven
// by a deliberate violation in test/architecture/arrows.test.ts.

/** Lowest first: a module may import those before it. */
const MODULES = [
  'access',
  'catalogue',
  'ledger',
  'register',
  'declarations',
  'imports',
  'verification',
  'lookup',
  'audit',
  'exports',
  'transfer',
];

/**
 * What a file of a module may import besides files of its own module, the doors of lower modules and the kernel.
 * `none` stands for a file without a suffix, for ports and for services.
 */
const TECHNOLOGIES = {
  none: { core: ['crypto'] },
  schema: { npm: ['joi'], platform: ['http'] },
  http: { npm: ['express'], core: ['crypto'], platform: ['http'] },
  sqlite: { npm: ['better-sqlite3'], core: ['timers/promises'], platform: ['sqlite'] },
  mongo: { npm: ['mongoose'], core: ['timers/promises'], platform: ['mongo'] },
  queue: { npm: ['bullmq'], platform: ['queue', 'redis'] },
  jwt: { npm: ['jsonwebtoken'], core: ['crypto'] },
  files: { core: ['crypto', 'fs', 'fs/promises', 'path', 'stream', 'stream/promises', 'zlib'] },
  fetch: {},
  pdf: { npm: ['pdfkit', 'any-ascii'] },
  csv: { npm: ['csv-parse'], core: ['stream'] },
  xlsx: { npm: ['yauzl', 'yazl', 'saxes'], core: ['fs', 'stream', 'util'] },
  bwip: { npm: ['bwip-js'] },
};

/** Text and reference libraries that files without a suffix may use, in this module only. */
const PURE_LIBRARIES = { catalogue: ['any-ascii', 'fuzzball', 'i18n-iso-countries'] };

const ANY_TECHNOLOGY = `[.](${Object.keys(TECHNOLOGIES).join('|')})[.]ts$`;
const NO_TECHNOLOGY = { path: '^src/modules/', pathNot: ANY_TECHNOLOGY };

const npm = (names) => `(^|node_modules/)(@types/)?(${names.join('|')})(/|$)`;
const core = (names) => `^(node:)?(${names.join('|')})$`;

function technologyRules() {
  return Object.entries(TECHNOLOGIES).map(
    ([suffix, { npm: packages = [], core: parts = [], platform = [] }]) => {
      const libraries = suffix === 'none' ? Object.values(PURE_LIBRARIES).flat() : [];
      const allowed = [
        '^src/(modules|kernel)/',
        ...(platform.length > 0 ? [`^src/platform/(${platform.join('|')})/`] : []),
        ...([...packages, ...libraries].length > 0 ? [npm([...packages, ...libraries])] : []),
        ...(parts.length > 0 ? [core(parts)] : []),
      ];
      return {
        name: `technology-of-${suffix}`,
        comment: 'The suffix of a file names the one technology it may touch; no suffix, none.',
        severity: 'error',
        from: suffix === 'none' ? NO_TECHNOLOGY : { path: `^src/modules/.+[.]${suffix}[.]ts$` },
        to: { pathNot: allowed },
      };
    },
  );
}

function pureLibraryRules() {
  return Object.entries(PURE_LIBRARIES).map(([module, names]) => ({
    name: `pure-libraries-of-${module}`,
    comment: `Only files of ${module} use these libraries without a suffix.`,
    severity: 'error',
    from: { path: '^src/modules/', pathNot: [ANY_TECHNOLOGY, `^src/modules/${module}/`] },
    to: { path: npm(names) },
  }));
}

function arrowRules() {
  return MODULES.slice(0, -1).map((module, index) => ({
    name: `arrow-from-${module}`,
    comment: 'Modules import lower modules only; what a lower one must trigger is a port that main plugs.',
    severity: 'error',
    from: { path: `^src/modules/${module}/` },
    to: { path: `^src/modules/(${MODULES.slice(index + 1).join('|')})/` },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...technologyRules(),
    ...pureLibraryRules(),
    ...arrowRules(),
    {
      name: 'known-module',
      comment: 'A new module gets its place among the arrows first.',
      severity: 'error',
      from: {},
      to: { path: '^src/modules/', pathNot: `^src/modules/(${MODULES.join('|')})/` },
    },
    {
      name: 'module-door',
      comment: 'Other modules see what index.ts shows.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: '^src/modules/($1/|[^/]+/index[.]ts$)' },
    },
    {
      name: 'main-through-doors',
      comment: 'main wires doors and engines; nothing else of a module.',
      severity: 'error',
      from: { path: '^(src/main|scripts)/' },
      to: { path: '^src/modules/', pathNot: '/index[.]ts$|[.](sqlite|mongo|queue|http)[.]ts$' },
    },
    {
      name: 'platform-door',
      comment: 'Other folders see what index.ts shows.',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^src/platform/' },
      to: { path: '^src/platform/', pathNot: '^src/platform/[^/]+/index[.]ts$' },
    },
    {
      name: 'platform-door-inside',
      comment: 'Folders of the platform see of one another what index.ts shows.',
      severity: 'error',
      from: { path: '^src/platform/([^/]+)/' },
      to: { path: '^src/platform/', pathNot: '^src/platform/($1/|[^/]+/index[.]ts$)' },
    },
    {
      name: 'platform-below',
      comment: 'The platform has no business words.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/(platform|kernel)/' },
    },
    {
      name: 'kernel-alone',
      comment: 'The kernel uses nothing but hashes: no npm, no input or output.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { pathNot: ['^src/kernel/', core(['crypto'])] },
    },
    {
      name: 'config-alone',
      comment: 'The configuration knows nothing of what it configures.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { pathNot: ['^src/config/', core(['fs', 'path'])] },
    },
    {
      name: 'config-from-main',
      comment: 'Only main and the scripts know the configuration; everything else is given what it uses.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|config)/' },
      to: { path: '^src/config/' },
    },
    {
      name: 'main-on-top',
      comment: 'Nothing that is wired knows who wires it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main/' },
      to: { path: '^src/main/' },
    },
    {
      name: 'web-alone',
      comment:
        'The pages run in a browser and speak to the API over HTTP; they share the words of the kernel.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/(?!web/|kernel/)' },
    },
    {
      name: 'web-apart',
      comment: 'The server serves the built pages; it does not import them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { path: '^src/web/' },
    },
    {
      name: 'src-alone',
      comment: 'What is shipped does not need scripts or tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(scripts|test)/' },
    },
    {
      name: 'scripts-without-tests',
      comment: 'Scripts run where the tests are not.',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: { path: '^(src|scripts)/' },
      to: { circular: true },
    },
    {
      name: 'no-development-package',
      comment: 'What is shipped runs with the packages of production.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|[.]tmp)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
