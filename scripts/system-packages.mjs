import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError, say } from './say.mjs';

/**
 * @typedef {{
 *   name: string, program?: string, library?: string, language?: string, instead?: string, onlyLinux?: boolean,
 *   purpose: string, tests: string[],
 * }} SystemPackage
 */

/**
 * Packages of the system (Debian's names) that no npm package brings: what proves that each is there (a program, a library,
 * fonts for a language), what it is for, and the tests that cannot run without it. `instead` names an environment variable
 * that makes it needless; what is `onlyLinux` other systems have by themselves.
 * @type {SystemPackage[]}
 */
export const SYSTEM_PACKAGES = [
  {
    name: 'dbus',
    program: 'dbus-run-session',
    purpose: 'a private session bus for the keyring tests',
    tests: ['test/keyring'],
  },
  {
    name: 'gnome-keyring',
    program: 'gnome-keyring-daemon',
    purpose: 'the real keyring that the tests write to',
    tests: ['test/keyring'],
  },
  {
    name: 'libsecret-1-0',
    library: 'libsecret-1.so.0',
    purpose: 'the system keychain (keytar loads it)',
    tests: ['test/keyring'],
  },
  {
    name: 'chromium',
    program: 'chromium',
    instead: 'ELECTRON_PATH',
    purpose: "the window of the tests' stand-in for Electron",
    tests: ['test/e2e'],
  },
  {
    name: 'xvfb',
    program: 'Xvfb',
    instead: 'DISPLAY',
    onlyLinux: true,
    purpose: 'a display for that window where there is no screen',
    tests: ['test/e2e'],
  },
  {
    name: 'fonts-noto-cjk',
    language: 'zh-cn',
    onlyLinux: true,
    purpose: 'the letters of the Chinese screens, which are measured and photographed',
    tests: ['test/e2e'],
  },
];

/**
 * The packages of the table that are not here. Off Linux none of them can be; what only Linux needs is not missed there.
 * @param {{ packages?: SystemPackage[], platform?: string, searchPath?: string, env?: NodeJS.ProcessEnv }} options
 */
export function missingPackages({
  packages = SYSTEM_PACKAGES,
  platform = process.platform,
  env = process.env,
  searchPath = env.PATH ?? '',
} = {}) {
  const wanted = packages.filter((entry) => !env[entry.instead ?? '']);
  if (platform !== 'linux') return wanted.filter((entry) => entry.onlyLinux !== true);
  return wanted.filter((entry) => !isHere(entry, searchPath));
}

function isHere(entry, searchPath) {
  if (entry.program !== undefined) {
    // sbin folders are often not on a person's PATH.
    const folders = [...searchPath.split(path.delimiter), '/usr/bin', '/usr/sbin'];
    if (folders.some((folder) => folder !== '' && fs.existsSync(path.join(folder, entry.program)))) return true;
  }
  if (entry.library !== undefined) {
    const known = output('ldconfig', ['-p']) || output('/sbin/ldconfig', ['-p']);
    if (known.includes(entry.library)) return true;
  }
  if (entry.language !== undefined && output('fc-list', [`:lang=${entry.language}`, 'family']).trim() !== '')
    return true;
  return output('dpkg', ['-s', entry.name]).includes('Status: install ok installed');
}

function output(file, args) {
  return spawnSync(file, args, { encoding: 'utf8', timeout: 30_000 }).stdout ?? '';
}

/** Whether this runs in continuous integration. */
export function isCi(env = process.env) {
  return !['', '0', 'false'].includes((env.CI ?? '').toLowerCase());
}

/**
 * Installs the missing packages through apt-get. Throws a SetupError in one clear line when it cannot.
 * @param {SystemPackage[]} missing
 * @param {{ isRoot?: boolean, apt?: (args: string[]) => { status: number | null, stderr?: string, error?: Error } }} means
 */
export function installSystemPackages(
  missing = missingPackages(),
  { isRoot = process.getuid?.() === 0, apt = aptGet } = {},
) {
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.name);
  const wish = `the system packages ${names.join(', ')} are missing (${missing.map((entry) => `${entry.name}: ${entry.purpose}`).join('; ')})`;
  if (process.platform !== 'linux' || apt(['--version']).status !== 0) {
    throw new SetupError(`${wish}, and this system has no apt-get. Install them with the system's own tool.`);
  }
  if (!isRoot) {
    throw new SetupError(`${wish}, and only root may install them. Run: sudo apt-get install ${names.join(' ')}`);
  }
  say(`${wish}; installing them with apt-get`);
  const install = () => apt(['install', '-y', '--no-install-recommends', ...names]);
  // A fresh machine has no package lists yet; one that has them need not wait for new ones.
  let run = install();
  if (run.status !== 0 && apt(['update']).status === 0) run = install();
  const left = missingPackages({ packages: missing });
  if (run.status !== 0 || left.length > 0) {
    const words = `${run.stderr ?? ''}${run.error?.message ?? ''}`.trim().split('\n').slice(-3).join(' / ');
    throw new SetupError(
      `apt-get could not install ${(left.length > 0 ? left : missing).map((entry) => entry.name).join(', ')}: ${words}`,
    );
  }
}

function aptGet(args) {
  return spawnSync('apt-get', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 15 * 60_000,
  });
}
