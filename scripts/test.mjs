// npm test: typecheck, lint and every test, counted in one last line. Run by bootstrap.mjs on the installed Node.js.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exitCodeOf, runChild } from './child.mjs';
import { SetupError, say } from './say.mjs';
import { installSystemPackages, isCi, missingPackages } from './system-packages.mjs';

const root = path.dirname(import.meta.dirname);
const program = (...parts) => path.join(root, 'node_modules', ...parts);

/** Checks that are no vitest tests; each counts as one. */
const CHECKS = [
  { name: 'typecheck', args: [path.join(root, 'scripts', 'typecheck.mjs')] },
  { name: 'lint', args: [program('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0'] },
];

/** Runs one check with its words kept for later, so that they don't mix with the tests'. */
function runCheck({ name, args }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (words += text));
    child.once('error', (error) => resolve({ name, ok: false, words: `${name} could not start: ${error.message}` }));
    child.once('close', (code, signal) => {
      const ended = exitCodeOf(code, signal);
      resolve({
        name,
        ok: ended === 0,
        words: ended === 0 || words !== '' ? words : `${name} ended with code ${ended} and no words`,
      });
    });
  });
}

/** One after the other, so that with the tests they fill two cores and no more. */
async function runChecks() {
  const results = [];
  for (const check of CHECKS) results.push(await runCheck(check));
  return results;
}

/** Runs vitest and returns its tally; a run that crashed, or in which nothing ran, has at least one failure. */
async function runVitest(args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'order-console-tally-'));
  const file = path.join(folder, 'tally.json');
  try {
    const code = await runChild(
      process.execPath,
      [
        program('vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=./scripts/tally-reporter.mjs',
        ...args,
      ],
      { cwd: root, env: { ...process.env, ORDER_CONSOLE_TALLY: file } },
    );
    return settledTally(fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null, code);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a vitest run is worth, from its tally (null when it wrote none) and its exit code: never green unless it ended well
 * and at least one test passed.
 */
export function settledTally(tally, code) {
  const settled = { passed: 0, failed: 0, skipped: 0, skippedNames: [], ...tally, problem: null };
  if (settled.failed > 0) return settled;
  if (tally === null) settled.problem = `vitest ended with code ${code} before it could count its tests`;
  else if (settled.passed === 0) settled.problem = 'no test ran; check the name given after npm test --';
  else if (tally.reason !== 'passed' || code !== 0)
    settled.problem = `vitest ended with code ${code} (${tally.reason}) although no test failed`;
  if (settled.problem !== null) settled.failed = 1;
  return settled;
}

/** Folders of tests that cannot run here for want of a system package; in CI on Linux a missing one is installed or is an error. */
function foldersWithoutPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return [];
  if (isCi() && process.platform === 'linux') {
    installSystemPackages(missing);
    return [];
  }
  const folders = new Map();
  for (const entry of missing)
    for (const folder of entry.tests) folders.set(folder, [...(folders.get(folder) ?? []), entry.name]);
  return [...folders].map(([folder, names]) => ({ folder, names }));
}

async function main(args) {
  const absent = foldersWithoutPackages();
  const filtered = args.length > 0;
  const excluded = absent.flatMap(({ folder }) => ['--exclude', `${folder}/**`]);
  // A test left with `.only` would hide all the others.
  const own = filtered ? args : ['--allowOnly=false'];
  const [checks, tests] = await Promise.all([filtered ? [] : runChecks(), runVitest([...excluded, ...own])]);

  for (const check of checks) {
    process.stdout.write(
      `${check.ok ? 'passed' : 'FAILED'}: ${check.name}\n${check.ok ? '' : `${check.words.trimEnd()}\n`}`,
    );
  }
  const skipped = [
    ...tests.skippedNames,
    ...absent.map(
      ({ folder, names }) => `${folder} (needs ${names.join(', ')}; npm test -- --install-system installs them)`,
    ),
    ...(filtered ? CHECKS.map(({ name }) => `${name} (only the named tests were asked for)`) : []),
  ];
  for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
  if (tests.problem !== null) process.stdout.write(`FAILED: ${tests.problem}\n`);

  const passed = tests.passed + checks.filter((check) => check.ok).length;
  const failed = tests.failed + checks.filter((check) => !check.ok).length;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
    process.stdout.write('0 passed, 1 failed, 0 skipped\n');
    process.exitCode = 1;
  }
}
