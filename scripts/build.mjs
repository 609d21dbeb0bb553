import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from './say.mjs';

/** What the application is made of. */
const SOURCES = ['src', 'scripts/licences.mjs', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

/** The newest modification time (ms) below the given files and folders; 0 where nothing is. */
export function newestMs(places) {
  let newest = 0;
  for (const place of places) {
    const entry = fs.statSync(place, { throwIfNoEntry: false });
    if (entry === undefined) continue;
    newest = Math.max(newest, entry.mtimeMs);
    if (!entry.isDirectory()) continue;
    newest = Math.max(newest, newestMs(fs.readdirSync(place).map((name) => path.join(place, name))));
  }
  return newest;
}

/**
 * Builds the application into out/, unless nothing that it is made of has changed since. Throws a SetupError with the builder's own words.
 * @param {string} root the project's folder
 * @param {() => void} told called before a build begins
 */
export function buildIfStale(root, told = () => {}) {
  const built = path.join(root, 'out', '.built');
  if (newestMs([built]) > newestMs(SOURCES.map((name) => path.join(root, name)))) return;
  told();
  // A source that changes while it is built makes the next one build again.
  const begun = new Date();
  const builder = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const run = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new SetupError(`the build ended with code ${run.status}:\n${run.stdout}${run.stderr}`);
  fs.writeFileSync(built, '');
  fs.utimesSync(built, begun, begun);
}
