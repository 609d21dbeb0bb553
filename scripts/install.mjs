import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runChild } from './child.mjs';
import { SetupError, say } from './say.mjs';

/** The major version of Node.js that everything but this set-up runs on. */
export const NODE_MAJOR = 24;
const STAMP = path.join('node_modules', '.order-console-lock');
const LOCK_DIRECTORY = path.join('.cache', 'bootstrap-lock');
const LONGEST_WAIT_MS = 15 * 60_000;

/** Where the `node` package of npm lays its program. */
export function nodeBinary(root, platform = process.platform) {
  return path.join(root, 'node_modules', 'node', 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Installs what package-lock.json lists, unless that is done already, and returns the path of the installed Node.js.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} throws a SetupError with words for a person
 */
export async function ensureInstalled(root, env = process.env) {
  const wanted = wantedStamp(root);
  if (whyInstall(root, wanted) !== null) {
    await withInstallLock(root, async () => {
      // Another set-up may have done it while this one waited.
      const why = whyInstall(root, wanted);
      if (why !== null) await install(root, env, why, wanted);
    });
  }
  return checkedNode(root);
}

/** What the stamp says after a successful install: the lock file's hash, and the system that the programs were made for. */
function wantedStamp(root) {
  let lock;
  try {
    lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  } catch (error) {
    throw new SetupError(
      `package-lock.json cannot be read (${error.code}), so there is no list of what to install. Get it back with: git checkout package-lock.json`,
    );
  }
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** Why an install is needed, in words; null when it is not. */
function whyInstall(root, wanted) {
  if (!fs.existsSync(path.join(root, 'node_modules'))) return 'node_modules is missing';
  const stamp = readIfThere(path.join(root, STAMP));
  if (stamp === null) return 'no finished install is recorded';
  if (stamp !== wanted) return 'package-lock.json or the system changed since the last install';
  return null;
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw new SetupError(`${file} cannot be read (${error.code}). Check the folder's permissions.`);
  }
}

async function install(root, env, why, wanted) {
  say(`installing the packages of package-lock.json with npm ci (${why}); the first time takes a minute or so`);
  fs.rmSync(path.join(root, STAMP), { force: true });
  moveOwnProgramAside(root);
  const { file, args, shell } = npmCommand(root, env);
  const started = Date.now();
  const code = await runChild(
    file,
    // Development packages are what the scripts run on, whatever NODE_ENV or npm's settings say.
    [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    // Electron's program is fetched when the window needs it, by older npm versions too, which do not know allowScripts.
    { cwd: root, shell, stdio: ['ignore', 2, 2], env: { ...env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } },
  );
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with code ${code}, so the packages are not installed; npm's own words are above. ` +
        'Check the network, the registry (npm config get registry) and free disk space, then run the same command again.',
    );
  }
  checkedNode(root);
  fs.writeFileSync(path.join(root, STAMP), wanted);
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * How to call npm: the one that runs this script, by the Node.js that runs it (not one that lies in node_modules, which
 * the install is about to delete); without it, npm on the PATH.
 */
export function npmCommand(root, env, platform = process.platform) {
  const npm = env.npm_execpath;
  if (npm !== undefined && /^npm(-cli)?\.c?js$/i.test(path.basename(npm)) && fs.existsSync(npm)) {
    const outside = [env.npm_node_execpath, process.execPath].find(
      (file) => file && fs.existsSync(file) && !isInside(root, file),
    );
    return { file: outside ?? process.execPath, args: [npm], shell: false };
  }
  // npm is a command script on Windows, which only a shell can start; the arguments are fixed words.
  return { file: 'npm', args: [], shell: platform === 'win32' };
}

function isInside(root, file) {
  const relative = path.relative(path.join(root, 'node_modules'), file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** Windows deletes no program that runs, but lets it be renamed: npm puts node_modules/.bin first, so this one may be it. */
function moveOwnProgramAside(root, platform = process.platform) {
  if (platform !== 'win32') return;
  const folder = path.join(root, '.cache', 'old-node');
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 0 });
  if (!isInside(root, process.execPath)) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.renameSync(process.execPath, path.join(folder, `node-${process.pid}.exe`));
}

/** The installed Node.js after a look at its version. */
function checkedNode(root) {
  const file = nodeBinary(root);
  if (!fs.existsSync(file)) {
    throw new SetupError(
      `the Node.js of the "node" package is missing at ${path.relative(root, file)}: its install script did not run or could not download it. ` +
        'Check that npm may run it (npm config get ignore-scripts should say false), delete node_modules and run the same command again.',
    );
  }
  const run = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  const version = run.stdout?.trim() ?? '';
  if (run.status !== 0 || !version.startsWith(`v${NODE_MAJOR}.`)) {
    const said = version || run.error?.message || run.stderr?.trim() || 'nothing';
    throw new SetupError(
      `${path.relative(root, file)} should be Node.js ${NODE_MAJOR} but answered "${said}". Delete node_modules and run the same command again; ` +
        'if it stays so, this system is too old for Node.js 24 or of another processor kind.',
    );
  }
  return file;
}

/** Runs `action` while no other set-up of this folder installs. The holder's process id lies inside, so that a dead one is noticed. */
async function withInstallLock(root, action) {
  const directory = path.join(root, LOCK_DIRECTORY);
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  const deadline = Date.now() + LONGEST_WAIT_MS;
  let told = false;
  while (!tryLock(directory)) {
    const holder = holderOf(directory);
    if (holder.dead) {
      removeDeadLock(directory, holder.text);
      continue;
    }
    if (!told) say(`another set-up (process ${holder.text || 'unknown'}) is installing in this folder; waiting for it`);
    told = true;
    if (Date.now() > deadline) {
      throw new SetupError(
        `another set-up has held ${LOCK_DIRECTORY} for 15 minutes. If none is running, delete that folder and try again.`,
      );
    }
    await delay(200);
  }
  try {
    await action();
  } finally {
    // Away in one step: a half-deleted lock could be taken by another and then deleted under it.
    const done = `${directory}-done-${process.pid}`;
    fs.renameSync(directory, done);
    fs.rmSync(done, { recursive: true, force: true });
  }
}

/** Takes the lock by renaming a folder that names its holder already; a rename onto a folder with something in it fails. */
function tryLock(directory) {
  const mine = `${directory}-${process.pid}`;
  fs.rmSync(mine, { recursive: true, force: true });
  fs.mkdirSync(mine);
  fs.writeFileSync(path.join(mine, 'pid'), String(process.pid));
  try {
    fs.renameSync(mine, directory);
    return true;
  } catch (error) {
    fs.rmSync(mine, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && fs.existsSync(directory)) return false;
    throw new SetupError(`${LOCK_DIRECTORY} cannot be made (${error.code}). Check that this folder may be written to.`);
  }
}

function holderOf(directory) {
  const text = readIfThere(path.join(directory, 'pid')) ?? '';
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) return { text, dead: false };
  try {
    process.kill(pid, 0);
    return { text, dead: false };
  } catch (error) {
    return { text, dead: error.code === 'ESRCH' };
  }
}

/** Removes a dead holder's lock, unless another process was quicker and holds it now. */
function removeDeadLock(directory, deadHolder) {
  const aside = `${directory}-dead-${process.pid}`;
  try {
    fs.renameSync(directory, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw new SetupError(
      `${LOCK_DIRECTORY} is left from a set-up that ended and cannot be removed (${error.code}). Delete that folder and try again.`,
    );
  }
  if (readIfThere(path.join(aside, 'pid')) !== deadHolder && !fs.existsSync(directory)) fs.renameSync(aside, directory);
  else fs.rmSync(aside, { recursive: true, force: true });
}
