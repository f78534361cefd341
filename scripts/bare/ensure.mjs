import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installDebianPackages, isOnPath } from './debian.mjs';
import { ROOT, run, step, Stop } from './step.mjs';

/** What Debian calls the programs that compile a native package. */
const COMPILER = { 'g++': 'g++', make: 'make', python3: 'python3' };
const CHROMIUM = '/usr/bin/chromium';

/**
 * Makes sure that what the project needs on this machine is there, and installs what is missing.
 * Takes well under a second when nothing is.
 * @param {{ packages?: boolean, redis?: boolean, chromium?: boolean }} needs
 * @throws Stop when something is missing that can't be installed
 */
export async function ensure({ packages = false, redis = false, chromium = false }) {
  assertNode();
  const missing = [];
  // With REDIS_SERVER or REDIS_URL set the operator brings Redis along.
  const ownRedis = Boolean(process.env.REDIS_SERVER || process.env.REDIS_URL);
  if (redis && !ownRedis && !isOnPath('redis-server')) missing.push('redis-server');
  if (chromium && !existsSync(CHROMIUM)) missing.push('chromium');
  await installDebianPackages(missing);
  if (packages) {
    await ensurePackages();
    await ensureSqlite();
  }
}

function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`Node 20.19 or later is needed; this is ${process.versions.node}.`);
}

/**
 * Install scripts stay off: the one that is needed is run by `ensureSqlite`, and another one is known to report
 * home.
 */
async function ensurePackages() {
  if (packagesAreCurrent()) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { ok, output } = await step('Installing npm packages (1-2 minutes)', 'npm', args);
  if (!ok) throw new Stop('The npm packages could not be installed; npm says why above.', output);
}

/** npm keeps a copy of the lock file next to what it installed, written last. */
function packagesAreCurrent() {
  const wanted = lockedPackages(join(ROOT, 'package-lock.json'));
  const installed = lockedPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

function lockedPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** better-sqlite3 brings a built library for some systems; elsewhere it has to be compiled. */
async function ensureSqlite() {
  if (await sqliteLoads()) return;
  const built = await buildSqlite();
  if (built.ok && (await sqliteLoads())) return;
  const missing = Object.keys(COMPILER).filter((program) => !isOnPath(program));
  if (missing.length === 0)
    throw new Stop('better-sqlite3 could not be built; npm says why above.', built.output);
  await installDebianPackages(missing.map((program) => COMPILER[program]));
  const again = await buildSqlite();
  if (again.ok && (await sqliteLoads())) return;
  throw new Stop('better-sqlite3 could not be built; npm says why above.', again.output);
}

async function sqliteLoads() {
  const { ok } = await run(process.execPath, ['-e', `new (require('better-sqlite3'))(':memory:')`]);
  return ok;
}

function buildSqlite() {
  const args = ['rebuild', 'better-sqlite3', '--foreground-scripts'];
  return step('Building better-sqlite3 (2 minutes when it has to be compiled)', 'npm', args, headers());
}

/** Node's own headers where they are installed, so that they need not be fetched. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {};
}
