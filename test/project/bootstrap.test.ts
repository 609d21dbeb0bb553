import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf, mustForward } from '../../scripts/child.mjs';
import { nodeBinary, npmCommand } from '../../scripts/install.mjs';

const root = path.resolve(import.meta.dirname, '../..');
let project: string;

/** What `npm ci` does, as far as the set-up can see; notes each call in calls.log. */
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls.log', process.argv.slice(2).join(' ') + '\\n');
console.log('npm speaking on stdout');
setTimeout(() => {
  if (process.env.FAKE_NPM === 'fail') process.exit(7);
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  if (process.env.FAKE_NPM === 'no-node') return;
  if (process.env.FAKE_NPM === 'old-node') fs.writeFileSync('node_modules/node/bin/node', '#!/bin/sh\\necho v20.1.0\\n', { mode: 0o755 });
  else fs.symlinkSync(${JSON.stringify(process.execPath)}, ${JSON.stringify(nodeBinary('.'))});
}, Number(process.env.FAKE_NPM_MS ?? 0));
`;

/** The task: says what it was started with, then ends as its last argument wishes. */
const FAKE_CLI = `
const args: string[] = process.argv.slice(2);
const wish = args.at(-1) ?? '';
if (wish.startsWith('exit=')) process.exitCode = Number(wish.slice(5));
if (wish === 'wait') {
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    setTimeout(() => process.exit(40 + interrupts), 100);
  });
  setInterval(() => undefined, 1000);
}
console.log(JSON.stringify({ args, version: process.version, flags: process.execArgv }));
`;

beforeEach(() => {
  project = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstrap-'));
  fs.cpSync(path.join(root, 'scripts'), path.join(project, 'scripts'), { recursive: true });
  write('src/cli/index.ts', FAKE_CLI);
  write('fake/npm-cli.js', FAKE_NPM);
  write('package-lock.json', '{"lockfileVersion":3}\n');
});

afterEach(() => fs.rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = path.join(project, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

const has = (name: string): boolean => fs.existsSync(path.join(project, name));
const npmCalls = (): string[] =>
  has('calls.log') ? fs.readFileSync(path.join(project, 'calls.log'), 'utf8').trim().split('\n') : [];

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [path.join(project, 'scripts', 'bootstrap.mjs'), ...args], {
    cwd: os.tmpdir(),
    env: { PATH: process.env.PATH, npm_execpath: path.join(project, 'fake', 'npm-cli.js'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

const bootstrap = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  ended(start(args, env));

describe('the first start', () => {
  it('installs, says so and why, and starts the task with the installed Node.js', async () => {
    const run = await bootstrap(['demo', '--seed', '7']);
    expect(run.code).toBe(0);
    expect(npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund --loglevel=error']);
    expect(run.err).toContain('installing the packages of package-lock.json with npm ci (node_modules is missing)');
    // Standard output is the task's alone, so that --json can be piped.
    expect(JSON.parse(run.out)).toEqual({
      args: ['demo', '--seed', '7'],
      version: process.version,
      flags: [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        '--disable-warning=ExperimentalWarning',
        '--max-semi-space-size=16',
        '--heap-growing-percent=100',
      ],
    });
    expect(process.version).toMatch(/^v24\./u);
  });

  it('keeps the exit code of the task', async () => {
    expect((await bootstrap(['cli', 'exit=4'])).code).toBe(4);
  });
});

describe('later starts', () => {
  beforeEach(async () => {
    expect((await bootstrap(['cli'])).code).toBe(0);
  });

  it('install nothing and say nothing while the lock file is the same', async () => {
    const run = await bootstrap(['cli']);
    expect(run.err).toBe('');
    expect(npmCalls()).toHaveLength(1);
  });

  it('install again when the lock file changed', async () => {
    write('package-lock.json', '{"lockfileVersion":3,"packages":{}}\n');
    const run = await bootstrap(['cli']);
    expect(run.err).toContain('package-lock.json or the system changed since the last install');
    expect(npmCalls()).toHaveLength(2);
    expect((await bootstrap(['cli'])).err).toBe('');
  });

  it('install again when the last install did not finish', async () => {
    fs.rmSync(path.join(project, 'node_modules', '.order-console-lock'));
    expect((await bootstrap(['cli'])).err).toContain('no finished install is recorded');
    expect(npmCalls()).toHaveLength(2);
  });

  it('notice a Node.js that went missing', async () => {
    fs.rmSync(nodeBinary(project));
    const run = await bootstrap(['cli']);
    expect(run.code).toBe(1);
    expect(run.err).toContain('the Node.js of the "node" package is missing');
    expect(run.err).toContain('delete node_modules');
  });
});

describe('what goes wrong is said', () => {
  it('when npm fails: its code, what to do, and no stamp', async () => {
    const run = await bootstrap(['cli'], { FAKE_NPM: 'fail' });
    expect(run.code).toBe(1);
    expect(run.err).toContain('npm ci ended with code 7');
    expect(run.err).toContain('npm speaking on stdout');
    expect(run.out).toBe('');
    expect(has('node_modules/.order-console-lock')).toBe(false);
    expect(has('.cache/bootstrap-lock')).toBe(false);
  });

  it('when an install fails after a good one, the good one no longer counts', async () => {
    await bootstrap(['cli']);
    write('package-lock.json', '{"changed":1}\n');
    expect((await bootstrap(['cli'], { FAKE_NPM: 'fail' })).code).toBe(1);
    write('package-lock.json', '{"lockfileVersion":3}\n');
    expect((await bootstrap(['cli'])).err).toContain('installing');
  });

  it('when npm brings no Node.js', async () => {
    const run = await bootstrap(['cli'], { FAKE_NPM: 'no-node' });
    expect(run.code).toBe(1);
    expect(run.err).toContain('ignore-scripts');
    expect(has('node_modules/.order-console-lock')).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('when npm brings another Node.js', async () => {
    const run = await bootstrap(['cli'], { FAKE_NPM: 'old-node' });
    expect(run.code).toBe(1);
    expect(run.err).toContain('should be Node.js 24 but answered "v20.1.0"');
  });

  it('when package-lock.json is missing', async () => {
    fs.rmSync(path.join(project, 'package-lock.json'));
    const run = await bootstrap(['cli']);
    expect(run.code).toBe(1);
    expect(run.err).toContain('package-lock.json cannot be read (ENOENT)');
    expect(run.err).toContain('git checkout package-lock.json');
    expect(npmCalls()).toEqual([]);
  });

  it.each([
    [['nonsense'], 'there is no task "nonsense"'],
    [['toString'], 'there is no task "toString"'],
    [[], 'no task is named'],
  ])('when the task is %j, with the usage and code 2', async (args, says) => {
    const run = await bootstrap(args);
    expect(run.code).toBe(2);
    expect(run.err).toContain(says);
    expect(run.err).toContain('Usage: node scripts/bootstrap.mjs <task>');
    expect(npmCalls()).toEqual([]);
  });
});

describe('two at once', () => {
  it('install once; the second waits and says so', async () => {
    const runs = await Promise.all([
      bootstrap(['cli', 'a'], { FAKE_NPM_MS: '600' }),
      bootstrap(['cli', 'b'], { FAKE_NPM_MS: '600' }),
    ]);
    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    expect(npmCalls()).toHaveLength(1);
    expect(runs.filter((run) => run.err.includes('is installing in this folder; waiting for it'))).toHaveLength(1);
    expect(fs.readdirSync(path.join(project, '.cache'))).toEqual([]);
  });

  it('take over the lock of one that died', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'close');
    write('.cache/bootstrap-lock/pid', String(dead.pid));
    const run = await bootstrap(['cli']);
    expect(run.code).toBe(0);
    expect(npmCalls()).toHaveLength(1);
    expect(fs.readdirSync(path.join(project, '.cache'))).toEqual([]);
  });
});

describe.runIf(process.platform !== 'win32')('signals', () => {
  async function running(): Promise<{ child: ChildProcess; end: Promise<Ended> }> {
    await bootstrap(['cli']);
    const child = start(['cli', 'wait']);
    const end = ended(child);
    if (child.stdout !== null) await once(child.stdout, 'data');
    return { child, end };
  }

  it('SIGINT reaches the task once, and the task decides how to end', async () => {
    const { child, end } = await running();
    child.kill('SIGINT');
    expect((await end).code).toBe(41);
  });

  it('SIGTERM ends the task, and the code says so', async () => {
    const { child, end } = await running();
    child.kill('SIGTERM');
    expect((await end).code).toBe(128 + 15);
  });
});

describe('the parts', () => {
  it('forward a signal unless the terminal has given it already, and never on Windows', () => {
    expect(mustForward('SIGINT', { platform: 'linux', terminal: true })).toBe(false);
    expect(mustForward('SIGINT', { platform: 'linux', terminal: false })).toBe(true);
    expect(mustForward('SIGTERM', { platform: 'darwin', terminal: true })).toBe(true);
    expect(mustForward('SIGINT', { platform: 'win32', terminal: false })).toBe(false);
    expect(mustForward('SIGTERM', { platform: 'win32', terminal: false })).toBe(false);
  });

  it('turn endings into exit codes', () => {
    expect(exitCodeOf(0, null)).toBe(0);
    expect(exitCodeOf(3, null)).toBe(3);
    expect(exitCodeOf(null, 'SIGKILL')).toBe(137);
  });

  it('know where the node package lays its program', () => {
    expect(nodeBinary('p', 'linux')).toBe(path.join('p', 'node_modules', 'node', 'bin', 'node'));
    expect(nodeBinary('p', 'win32')).toBe(path.join('p', 'node_modules', 'node', 'bin', 'node.exe'));
  });

  it('call the npm that runs them, by a Node.js that the install does not delete', () => {
    const npm = path.join(project, 'fake', 'npm-cli.js');
    const inside = path.join(project, 'node_modules', 'node', 'bin', 'node');
    write('node_modules/node/bin/node', '');
    expect(npmCommand(project, { npm_execpath: npm, npm_node_execpath: process.execPath }, 'linux')).toEqual({
      file: process.execPath,
      args: [npm],
      shell: false,
    });
    expect(npmCommand(project, { npm_execpath: npm, npm_node_execpath: inside }, 'linux').file).toBe(process.execPath);
  });

  it('fall back to npm on the PATH, without one and for other package managers', () => {
    write('fake/pnpm.cjs', '');
    const onPath = { file: 'npm', args: [] };
    expect(npmCommand(project, {}, 'linux')).toEqual({ ...onPath, shell: false });
    expect(npmCommand(project, {}, 'win32')).toEqual({ ...onPath, shell: true });
    expect(npmCommand(project, { npm_execpath: path.join(project, 'fake', 'pnpm.cjs') }, 'linux')).toEqual({
      ...onPath,
      shell: false,
    });
    expect(npmCommand(project, { npm_execpath: path.join(project, 'gone', 'npm-cli.js') }, 'linux')).toEqual({
      ...onPath,
      shell: false,
    });
  });
});
