import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, step, Stop } from './step.mjs';

/** Debian asks this program whether an installed server may be started (invoke-rc.d(8)); 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Whether `program` can be started by its name. */
export function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs Debian packages, without letting a server among them start.
 * @param {string[]} names
 * @throws Stop where that needs another user or another system, or apt-get fails
 */
export async function installDebianPackages(names) {
  if (names.length === 0) return;
  const list = names.join(' ');
  if (!isOnPath('apt-get'))
    throw new Stop(`Please install ${list}: this system has no apt-get to do it with.`);
  if (process.getuid?.() !== 0) {
    throw new Stop(`Please install ${list} (as root: apt-get install ${list}); that needs root.`);
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await step('Reading the list of Debian packages', 'apt-get', ['update', '-q'], env);
  const install = () => {
    const args = ['install', '-y', '-q', '--no-install-recommends', ...names];
    return step(`Installing ${list} with apt-get`, 'apt-get', args, env);
  };
  const { ok, output } = await withoutStarting(install);
  if (!ok)
    throw new Stop(`apt-get could not install ${list}; it says why above.`, `${update.output}\n${output}`);
  if (names.includes('redis-server') && existsSync('/run/systemd/system')) {
    await run('systemctl', ['disable', 'redis-server']);
  }
}

async function withoutStarting(work) {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const remove = () => rmSync(POLICY, { force: true });
  process.once('exit', remove);
  try {
    return await work();
  } finally {
    process.off('exit', remove);
    remove();
  }
}
