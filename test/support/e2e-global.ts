// Before any e2e file: the built application, and a display.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newestMs } from '../../scripts/host.mjs';
import { ensureDisplay } from './xvfb.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUILT = path.join(ROOT, 'out', '.built');
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

/** Builds the application unless nothing that it is made of has changed since. Throws with the builder's own words. */
export function buildApplication(): void {
  if (existsSync(BUILT) && newestMs([BUILT]) > newestMs(SOURCES.map((name) => path.join(ROOT, name)))) return;
  const builder = path.join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const run = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], { cwd: ROOT, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the build ended with code ${String(run.status)}\n${run.stdout}${run.stderr}`);
  writeFileSync(BUILT, '');
}

export default async function setup(): Promise<() => void> {
  // Whoever says so has built what lies in out/, or wants no more than the stand-in's own tests.
  if (process.env['E2E_AS_BUILT'] !== '1') buildApplication();
  const display = await ensureDisplay();
  return () => display.stop();
}
