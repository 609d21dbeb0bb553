// Every npm script begins here. Plain Node.js 20 or later without packages: it installs what is missing, then starts the
// task with the Node.js that came through npm.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { SetupError, say } from './say.mjs';
import { installSystemPackages } from './system-packages.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Node.js runs the TypeScript sources as they are; these two warnings say so at every start. */
const SOURCE_FLAGS = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--disable-warning=ExperimentalWarning'];
/** The console's own: a million rows are short-lived objects, for which V8 would else keep some 100 MB a thread, young ones and old. */
const CONSOLE_FLAGS = [...SOURCE_FLAGS, '--max-semi-space-size=16', '--heap-growing-percent=100'];

const inPackage = (name, file) => path.join('node_modules', name, file);

/** What each task starts: a file, its own arguments, flags of Node.js' own, and what it is for. */
const TASKS = {
  start: {
    flags: CONSOLE_FLAGS,
    run: ['scripts/start.mjs'],
    about: 'the console, on the embedded vendor twins; without a display the demo in the terminal',
  },
  dev: {
    run: [inPackage('electron-vite', 'bin/electron-vite.js'), 'dev'],
    about: 'the console with pages that follow their sources; needs Electron itself',
  },
  demo: {
    flags: CONSOLE_FLAGS,
    run: ['src/cli/index.ts', 'demo'],
    about: 'the whole main job on the embedded vendor twins',
  },
  cli: {
    flags: CONSOLE_FLAGS,
    run: ['src/cli/index.ts'],
    about: 'the console in the terminal; its own --help says more',
  },
  test: { run: ['scripts/test.mjs'], about: 'typecheck, lint and all tests; a word after it picks test files' },
  'test:long': {
    run: ['test/long/index.ts'],
    about: 'sequences of everything that can happen to a job, by the ten thousand',
  },
  bench: { flags: CONSOLE_FLAGS, run: ['test/bench/index.ts'], about: 'the measurements, as a table' },
  'bench:soak': {
    flags: CONSOLE_FLAGS,
    run: ['test/bench/soak.ts'],
    about: 'a million orders at vendors of which one reply in a hundred fails, as a table',
  },
  screenshots: { run: ['test/support/screenshots.ts'], about: "the README's pictures, taken of the built console" },
  mutants: { run: ['test/mutants/index.ts'], about: 'mutation tests, as a table; a folder after it takes a part' },
  build: { run: [inPackage('electron-vite', 'bin/electron-vite.js'), 'build'], about: 'the application into out/' },
  package: {
    run: ['scripts/package/index.ts'],
    about: 'installers into dist/, for this system; --win, --mac, --linux, --x64, --arm64 and --dir choose',
  },
  lint: {
    run: [inPackage('eslint', 'bin/eslint.js'), '.', '--max-warnings=0'],
    about: 'the rules of eslint.config.mjs',
  },
  typecheck: { run: ['scripts/typecheck.mjs'], about: 'TypeScript, in main and in the window' },
  format: { run: [inPackage('prettier', 'bin/prettier.cjs'), '--write', '.'], about: 'writes all files in one style' },
};

function usage() {
  const lines = Object.entries(TASKS).map(([name, task]) => `  ${name.padEnd(10)} ${task.about}`);
  return [
    'Usage: node scripts/bootstrap.mjs <task> [arguments]',
    ...lines,
    '  --install-system  also installs missing system packages through apt-get (Debian, Ubuntu; as root)',
  ].join('\n');
}

/** The environment of the task: programs named `node` are the installed one too. */
function taskEnvironment(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: [path.dirname(node), process.env[name]].filter(Boolean).join(path.delimiter) };
}

async function main([name, ...rest]) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupError(
      `this needs Node.js 20 or later to begin and found ${process.version}. Install a newer one from nodejs.org.`,
    );
  }
  if (name === undefined || !Object.hasOwn(TASKS, name)) {
    throw new SetupError(`${name === undefined ? 'no task is named' : `there is no task "${name}"`}.\n${usage()}`, 2);
  }
  const args = rest.filter((argument) => argument !== '--install-system');
  if (args.length < rest.length) installSystemPackages();
  const node = await ensureInstalled(root);
  const { flags = SOURCE_FLAGS, run } = TASKS[name];
  return runChild(node, [...flags, ...run, ...args], { cwd: root, env: taskEnvironment(node) });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(
    error instanceof SetupError
      ? error.message
      : `the set-up failed in a way it does not know: ${error?.stack ?? error}`,
  );
  process.exitCode = error instanceof SetupError ? error.exitCode : 1;
}
