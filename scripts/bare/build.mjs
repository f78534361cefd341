import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, step, Stop } from './step.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = '.built-from';
const SOURCES = ['src', 'scripts', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const WEB_CONFIG = join('src', 'web', 'vite.config.ts');

/** Builds `dist` unless it was built from exactly the present sources. */
export async function buildWhenStale() {
  const stamp = join(DIST, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesDigest()) return;
  await build();
}

/**
 * Builds the server, the scripts and the pages, and puts them in the place of what `dist` held: a build that fails
 * leaves that as it was.
 * @throws Stop when the compiler or the bundler refuses
 */
export async function build() {
  const digest = sourcesDigest();
  const fresh = join(ROOT, '.tmp', `dist-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    await compile('Building the server', 'typescript/bin/tsc', [
      '-p',
      'tsconfig.build.json',
      '--outDir',
      fresh,
    ]);
    if (existsSync(join(ROOT, WEB_CONFIG))) {
      const outDir = join(fresh, 'web');
      const args = [
        'build',
        '--config',
        WEB_CONFIG,
        '--outDir',
        outDir,
        '--emptyOutDir',
        '--logLevel',
        'warn',
      ];
      await compile('Building the pages', 'vite/bin/vite.js', args);
    }
    writeFileSync(join(fresh, STAMP), digest);
    replaceDist(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function compile(what, program, args) {
  const { ok, output } = await step(what, process.execPath, [join(ROOT, 'node_modules', program), ...args]);
  if (!ok) throw new Stop(`${what} failed; the reasons are above.`, output);
}

function replaceDist(fresh) {
  const old = `${fresh}-old`;
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(fresh, DIST);
  rmSync(old, { recursive: true, force: true });
}

/** Changes with the name or the content of any source. */
function sourcesDigest() {
  const digest = createHash('sha256');
  for (const file of SOURCES.flatMap(filesOf)) {
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return digest.digest('hex');
}

/** The files at or below `path`, relative to the project, in a fixed order. */
function filesOf(path) {
  const place = join(ROOT, path);
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [path];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}
