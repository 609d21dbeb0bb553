import fs from 'node:fs';
import path from 'node:path';

/** Where Debian and others lay Chromium. */
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Whether a window can be shown at all: Linux needs a display server. */
export function hasDisplay({ platform = process.platform, env = process.env } = {}) {
  return (
    platform !== 'linux' || [env.DISPLAY, env.WAYLAND_DISPLAY].some((value) => value !== undefined && value !== '')
  );
}

/** The Electron program that ELECTRON_PATH names or that lies in node_modules; null when there is none. */
export function electronProgram(root, { env = process.env, exists = fs.existsSync, read = readText } = {}) {
  if (env.ELECTRON_PATH) return exists(env.ELECTRON_PATH) ? env.ELECTRON_PATH : null;
  const folder = path.join(root, 'node_modules', 'electron');
  const inner = read(path.join(folder, 'path.txt'));
  if (inner === null) return null;
  const program = path.join(folder, 'dist', inner.trim());
  return exists(program) ? program : null;
}

/** A Chromium on the PATH, for the stand-in; null where there is none. The stand-in is made for Linux alone. */
export function chromiumProgram({ platform = process.platform, env = process.env, exists = fs.existsSync } = {}) {
  if (platform !== 'linux') return null;
  const folders = [...(env.PATH ?? '').split(path.delimiter), '/usr/bin'].filter((folder) => folder !== '');
  for (const name of CHROMIUM) {
    for (const folder of folders) if (exists(path.join(folder, name))) return path.join(folder, name);
  }
  return null;
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
