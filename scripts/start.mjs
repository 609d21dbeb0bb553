// npm start: opens the console on the embedded vendor twins; where no window can open, it says so and runs the same job in the terminal.
import path from 'node:path';
import { runChild } from './child.mjs';
import { buildIfStale } from './build.mjs';
import { chromiumProgram, electronProgram, hasDisplay } from './host.mjs';
import { SetupError, say } from './say.mjs';

const root = path.dirname(import.meta.dirname);
const inPackage = (...parts) => path.join(root, 'node_modules', ...parts);
const STAND_IN = path.join(root, 'test', 'support', 'electron', 'electron');
/** A download that takes longer is given up; the terminal's run needs none. */
const DOWNLOAD_SECONDS = 300;

/** Fetches Electron's program through the electron package's own script. False where it can't be had. */
async function download() {
  say('fetching Electron (about 110 MB, once); Ctrl-C gives up');
  const code = await runChild(process.execPath, [inPackage('electron', 'install.js')], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    timeout: DOWNLOAD_SECONDS * 1000,
  });
  return code === 0;
}

/** The program that opens the window, with its arguments; null and why where there is none. */
async function host() {
  if (!hasDisplay())
    return { program: null, why: 'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  // Chromium refuses its sandbox to root.
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  let electron = electronProgram(root);
  if (electron === null && process.env.ELECTRON_PATH) {
    throw new SetupError(`ELECTRON_PATH names ${process.env.ELECTRON_PATH}, which is not there`);
  }
  if (electron === null && (await download())) electron = electronProgram(root);
  if (electron !== null) return { program: electron, flags };
  if (chromiumProgram() !== null) {
    say("Electron can't be fetched here, so the window opens in Chromium on the tests' stand-in for Electron");
    return { program: STAND_IN, flags: [] };
  }
  return { program: null, why: "Electron can't be fetched and no Chromium is installed" };
}

async function main(args) {
  const { program, flags, why } = await host();
  if (program === null) {
    say(`no window can open: ${why}. Running the same job in the terminal instead`);
    return runChild(
      process.execPath,
      [...process.execArgv, path.join(root, 'src', 'cli', 'index.ts'), 'demo', ...args],
      {
        cwd: root,
      },
    );
  }
  buildIfStale(root, () => say('building the console; this takes some seconds'));
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  return runChild(program, [...flags, root, '--practice', ...args], { cwd: root, env });
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
    process.exitCode = error instanceof SetupError ? error.exitCode : 1;
  }
}
