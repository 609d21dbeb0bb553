import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCi, installSystemPackages, missingPackages, SYSTEM_PACKAGES } from '../../scripts/system-packages.mjs';
import { settledTally } from '../../scripts/test.mjs';

const root = path.resolve(import.meta.dirname, '../..');

describe('what a vitest run is worth', () => {
  const tally = { passed: 3, failed: 0, skipped: 1, skippedNames: ['a'], reason: 'passed' };

  it('is its counts when it ended well', () => {
    expect(settledTally(tally, 0)).toEqual({ ...tally, problem: null });
    expect(settledTally({ ...tally, failed: 2, reason: 'failed' }, 1)).toMatchObject({
      passed: 3,
      failed: 2,
      problem: null,
    });
  });

  it('is one failure when it crashed, ended badly without a failing test, or ran nothing', () => {
    expect(settledTally(null, 134)).toMatchObject({
      passed: 0,
      failed: 1,
      problem: 'vitest ended with code 134 before it could count its tests',
    });
    expect(settledTally(tally, 1)).toMatchObject({
      passed: 3,
      failed: 1,
      problem: 'vitest ended with code 1 (passed) although no test failed',
    });
    expect(settledTally({ ...tally, reason: 'interrupted' }, 0)).toMatchObject({ failed: 1 });
    expect(settledTally({ ...tally, passed: 0 }, 0)).toMatchObject({
      failed: 1,
      problem: 'no test ran; check the name given after npm test --',
    });
  });
});

describe('the reporter, in a run of its own', () => {
  let folder: string;
  beforeEach(() => {
    // Inside the project, so that vitest is found; below node_modules no other run looks for tests.
    folder = fs.mkdtempSync(path.join(root, 'node_modules', '.tally-'));
    fs.writeFileSync(
      path.join(folder, 'vitest.config.mjs'),
      "export default { test: { include: ['**/*.check.mjs'], exclude: [] } };\n",
    );
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function tallyOf(body: string): Promise<Record<string, unknown>> {
    fs.writeFileSync(
      path.join(folder, 'a.check.mjs'),
      `import { describe, beforeAll, expect, it } from 'vitest';\n${body}\n`,
    );
    const file = path.join(folder, 'tally.json');
    const reporter = path.join(root, 'scripts', 'tally-reporter.mjs');
    const child = spawn(
      process.execPath,
      [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', folder, `--reporter=${reporter}`],
      { stdio: 'ignore', env: { ...process.env, ORDER_CONSOLE_TALLY: file } },
    );
    await once(child, 'close');
    return { ...(JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>), code: child.exitCode };
  }

  it('counts passed, failed and skipped, and names the skipped', async () => {
    const body = `it('a', () => {}); it('b', () => { expect(1).toBe(2); }); it.skip('c', () => {}); it.todo('d'); describe.skip('e', () => { it('f', () => {}); });`;
    expect(await tallyOf(body)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 3,
      skippedNames: ['a.check.mjs > c', 'a.check.mjs > d', 'a.check.mjs > e > f'],
      reason: 'failed',
      code: 1,
    });
  });

  it('counts a file that does not load, a failing hook and an unhandled error as failures', async () => {
    expect(await tallyOf(`throw new Error('broken');`)).toMatchObject({ passed: 0, failed: 1, code: 1 });
    expect(
      await tallyOf(`describe('x', () => { beforeAll(() => { throw new Error('hook'); }); it('a', () => {}); });`),
    ).toMatchObject({
      passed: 0,
      code: 1,
      failed: 1,
    });
    expect(
      await tallyOf(
        `it('a', async () => { void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 20)); });`,
      ),
    ).toMatchObject({ passed: 1, failed: 1, code: 1 });
  });
});

describe('system packages', () => {
  it('are all named with what they are for and the tests that need them', () => {
    expect(SYSTEM_PACKAGES.map(({ name }) => name)).toEqual([
      'dbus',
      'gnome-keyring',
      'libsecret-1-0',
      'chromium',
      'xvfb',
      'fonts-noto-cjk',
    ]);
    for (const { purpose, tests } of SYSTEM_PACKAGES) {
      expect(purpose).not.toBe('');
      for (const folder of tests) expect(fs.existsSync(path.join(root, folder)), folder).toBe(true);
    }
  });

  const invented = { name: 'order-console-invented', program: 'order-console-invented', purpose: 'nothing', tests: [] };

  it.runIf(process.platform === 'linux')('are looked for on the PATH, among the libraries and at dpkg', () => {
    const known = { name: 'no-such-package', program: path.basename(process.execPath), purpose: '', tests: [] };
    expect(missingPackages({ packages: [known, invented], searchPath: path.dirname(process.execPath) })).toEqual([
      invented,
    ]);
    expect(missingPackages({ packages: [{ name: 'libc6', library: 'libc.so.6', purpose: '', tests: [] }] })).toEqual(
      [],
    );
  });

  it.runIf(process.platform === 'linux')('that an environment variable makes needless are not missing', () => {
    const packages = [{ ...invented, instead: 'OTHER_MEANS' }];
    expect(missingPackages({ packages, env: { OTHER_MEANS: '/somewhere' } })).toEqual([]);
    expect(missingPackages({ packages, env: { OTHER_MEANS: '' } })).toEqual(packages);
  });

  it.runIf(process.platform === 'linux')('that are fonts are there when a font has the language', () => {
    const fonts = (language: string) => [{ ...invented, language }];
    expect(missingPackages({ packages: fonts('qaa-invented') })).toEqual(fonts('qaa-invented'));
    const list = spawnSync('fc-list', [':lang=en'], { encoding: 'utf8' });
    const there = list.status === 0 && list.stdout !== '';
    expect(missingPackages({ packages: fonts('en') })).toEqual(there ? [] : fonts('en'));
  });

  it('are missing everywhere but on Linux, but for those that only Linux needs; Electron takes the place of Chromium', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const missing = (env: NodeJS.ProcessEnv): string[] => missingPackages({ platform, env }).map(({ name }) => name);
      expect(missing({})).toEqual(['dbus', 'gnome-keyring', 'libsecret-1-0', 'chromium']);
      expect(missing({ ELECTRON_PATH: '/electron' })).toEqual(['dbus', 'gnome-keyring', 'libsecret-1-0']);
    }
  });

  it.runIf(process.platform === 'linux')('that cannot be installed end in one line that names them', () => {
    const calls: string[] = [];
    const apt = (args: string[]): { status: number; stderr: string } => {
      calls.push(args.join(' '));
      return args[0] === 'install' ? { status: 100, stderr: 'E: Unable to locate package' } : { status: 0, stderr: '' };
    };
    const install = (isRoot: boolean) => () => installSystemPackages([invented], { isRoot, apt });
    expect(install(false)).toThrow(
      /^[^\n]*only root may install them. Run: sudo apt-get install order-console-invented$/u,
    );
    expect(calls).toEqual(['--version']);
    expect(install(true)).toThrow(/^apt-get could not install order-console-invented: E: Unable to locate package$/u);
    const wanted = 'install -y --no-install-recommends order-console-invented';
    expect(calls.slice(1)).toEqual(['--version', wanted, 'update', wanted]);
    const without = (): { status: number } => ({ status: 127 });
    expect(() => installSystemPackages([invented], { isRoot: true, apt: without })).toThrow(
      'this system has no apt-get',
    );
    expect(() => installSystemPackages([], { isRoot: true, apt })).not.toThrow();
  });

  it('are installed by themselves in CI alone', () => {
    expect([{ CI: 'true' }, { CI: '1' }, { CI: 'yes' }].map((env) => isCi(env))).toEqual([true, true, true]);
    expect([{}, { CI: '' }, { CI: 'false' }, { CI: '0' }].map((env) => isCi(env))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
