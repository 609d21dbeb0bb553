import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestMs } from '../../scripts/build.mjs';
import { chromiumProgram, electronProgram, hasDisplay } from '../../scripts/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('what a window needs', () => {
  it('is a display on Linux, and nothing elsewhere', () => {
    expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' } })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':7' } })).toBe(true);
    expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
    for (const platform of ['win32', 'darwin'] as const) expect(hasDisplay({ platform, env: {} })).toBe(true);
  });

  it('is the Electron that ELECTRON_PATH names, or the one that was fetched, if it is there', () => {
    const own = path.join('/opt', 'electron');
    expect(electronProgram(root, { env: { ELECTRON_PATH: own }, exists: (file) => file === own })).toBe(own);
    expect(electronProgram(root, { env: { ELECTRON_PATH: own }, exists: () => false })).toBeNull();
    const fetched = path.join('shop', 'node_modules', 'electron', 'dist', 'electron');
    const read = (): string => 'electron\n';
    expect(electronProgram('shop', { env: {}, exists: (file) => file === fetched, read })).toBe(fetched);
    expect(electronProgram('shop', { env: {}, exists: () => false, read })).toBeNull();
    expect(electronProgram('shop', { env: {}, exists: () => true, read: () => null })).toBeNull();
  });

  it('is else a Chromium, on Linux alone', () => {
    const exists = (file: fs.PathLike): boolean => file === '/opt/bin/google-chrome';
    expect(chromiumProgram({ platform: 'linux', env: { PATH: '/usr/local/bin:/opt/bin' }, exists })).toBe(
      '/opt/bin/google-chrome',
    );
    expect(
      chromiumProgram({
        platform: 'linux',
        env: { PATH: '' },
        exists: (file: fs.PathLike) => file === '/usr/bin/chromium',
      }),
    ).toBe('/usr/bin/chromium');
    expect(chromiumProgram({ platform: 'linux', env: {}, exists: () => false })).toBeNull();
    expect(chromiumProgram({ platform: 'darwin', env: { PATH: '/opt/bin' }, exists })).toBeNull();
  });
});

describe('the newest of files and folders', () => {
  it('looks into folders, and takes what is not there for old', () => {
    fs.mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
    const file = path.join(folder, 'a', 'b', 'c.ts');
    fs.writeFileSync(file, '');
    const future = new Date(Date.now() + 60_000);
    fs.utimesSync(file, future, future);
    expect(newestMs([folder])).toBeCloseTo(future.getTime(), -1);
    expect(newestMs([path.join(folder, 'none')])).toBe(0);
  });
});

describe('npm start', () => {
  it.runIf(process.platform === 'linux')(
    'says that no window can open without a display, and runs the demo in the terminal',
    () => {
      const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ELECTRON_PATH: _path, ...env } = process.env;
      const run = spawnSync(
        process.execPath,
        [path.join(root, 'scripts', 'start.mjs'), '--out', path.join(folder, 'demo.csv')],
        { cwd: folder, encoding: 'utf8', env: { ...env, LANG: 'en_US.UTF-8', ORDER_CONSOLE_DATA: folder } },
      );
      expect(run.stderr).toContain('no window can open: there is no display here');
      expect(run.stdout).toMatch(/0 twice, 0 acted on but called not sent/u);
      expect(run.status).toBe(0);
    },
  );

  it('says so when ELECTRON_PATH names nothing', () => {
    const run = spawnSync(process.execPath, [path.join(root, 'scripts', 'start.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, DISPLAY: ':99', ELECTRON_PATH: path.join(folder, 'no-electron') },
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(`ELECTRON_PATH names ${path.join(folder, 'no-electron')}, which is not there`);
  });
});
