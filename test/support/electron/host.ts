// The stand-in's main process: Node.js runs the app's main with a module that stands for `electron`; Chromium, over its debugging pipe, is the window.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium, findChromium } from './chromium.ts';
import { installElectron } from './electron.ts';
import { localeNow } from './locales.ts';
import { app, profileFolder } from './modules/app.ts';
import { BrowserWindow, setWindowSource } from './modules/browser-window.ts';
import { setFocused } from './modules/menu.ts';
import { nativeTheme, themeFeature } from './modules/native-theme.ts';
import { setDisplay } from './modules/screen.ts';
import { session } from './modules/session.ts';
import type { RequestDetails } from './modules/session.ts';
import { allContents, setChromium } from './modules/web-contents.ts';
import { preventable } from './provided.ts';
import { startProxy } from './network.ts';
import { note, readCommandLine, runtime, setRuntime, switchValue } from './runtime.ts';
import { Targets } from './targets.ts';

/** sysexits.h: something that is needed is not there. */
const UNAVAILABLE = 69;

/** What Electron's main finds beside its module. */
function dressProcess(): void {
  const { argv, appFolder } = runtime();
  process.argv = [...argv];
  Object.defineProperty(process.versions, 'electron', { value: '45.0.0-stand-in', enumerable: true });
  Object.defineProperty(process.versions, 'chrome', { value: '156.0.0.0', enumerable: true });
  Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: path.join(appFolder, 'resources') });
}

async function loadMain(): Promise<void> {
  const { appFolder, manifest } = runtime();
  const main = path.join(appFolder, manifest.main);
  if (manifest.type === 'module' || main.endsWith('.mjs')) await import(pathToFileURL(main).href);
  else createRequire(main)(main);
}

/** Whether every session lets Chromium reach an address that no page's own session was asked about. */
async function mayReach(url: string): Promise<boolean> {
  const sessions = new Set([...allContents().map((contents) => contents.session), session.defaultSession]);
  const resourceType = /^wss?:/.test(url) ? 'webSocket' : 'other';
  const details: RequestDetails = { id: 0, url, method: 'GET', resourceType, referrer: '', timestamp: Date.now() };
  const answers = await Promise.all([...sessions].map((each) => each.webRequest.before(details)));
  return answers.every(({ cancel }) => cancel !== true);
}

async function startWindowSide(program: string): Promise<void> {
  const headless = switchValue(runtime().argv, 'headless') !== null;
  const chromium = new Chromium(program, {
    profile: profileFolder(),
    locale: localeNow(),
    port: switchValue(runtime().argv, 'remote-debugging-port'),
    headless,
    sandbox: process.getuid?.() !== 0 && switchValue(runtime().argv, 'no-sandbox') === null,
    proxy: await startProxy(mayReach),
  });
  process.on('exit', () => chromium.kill());
  const { browser } = chromium.connection;
  const targets = new Targets(chromium);
  await chromium.started();
  setChromium({ browser });
  await targets.start();
  hearDownloads(browser);
  void chromium.ended.then(() => {
    if (app.isLeaving) return;
    note('Chromium ended, so the program ends');
    app.exit(1);
  });
  setWindowSource(targets);
  await measureDisplay(browser);
  app.becomeReady({
    closeWindows: async () => {
      const windows = BrowserWindow.getAllWindows();
      // Every window is asked, as Electron does.
      const closing = windows.map((window) => window.tryClose());
      if (closing.includes(false)) return false;
      await Promise.all(windows.map((window) => window.ended));
      return true;
    },
    destroyWindows: () => BrowserWindow.getAllWindows().forEach((window) => window.destroy()),
    endChromium: () => chromium.end(),
  });
}

/** The display's size, from the first window's page. */
async function measureDisplay(browser: Chromium['connection']['browser']): Promise<void> {
  try {
    const { screenInfos } = await browser.send('Emulation.getScreenInfos');
    const first = screenInfos[0];
    if (first !== undefined) setDisplay(first.availWidth, first.availHeight);
  } catch {
    // An older Chromium: the usual size stands.
  }
}

/** Downloads are refused once main has heard of them: nothing is ever written. */
function hearDownloads(browser: Chromium['connection']['browser']): void {
  browser.tell('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
  browser.on('Browser.downloadWillBegin', ({ frameId, guid, url, suggestedFilename }) => {
    const contents = allContents().find((each) => each.frames.find(frameId) !== null);
    const event = preventable({});
    const item = {
      getURL: () => url,
      getFilename: () => suggestedFilename,
      cancel: () => event.preventDefault(),
      on: () => undefined,
      once: () => undefined,
      setSavePath: () => undefined,
    };
    contents?.session.emit('will-download', event, item, contents);
    browser.tell('Browser.cancelDownload', { guid });
    if (!event.defaultPrevented) note('a download was refused: the stand-in keeps none');
  });
}

async function main(): Promise<void> {
  setRuntime(readCommandLine([path.join(import.meta.dirname, 'electron'), ...process.argv.slice(2)]));
  dressProcess();
  installElectron();
  setFocused(() => BrowserWindow.getFocusedWindow());
  nativeTheme.onChange = () => allContents().forEach((contents) => contents.setTheme(themeFeature()));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  await loadMain();
  if (app.isLeaving) return;
  const program = findChromium();
  if (program === null)
    throw new Missing(
      'Chromium is not installed; Debian and Ubuntu have it by: sudo apt-get install chromium. CHROMIUM_PATH names one that lies elsewhere',
    );
  const hasDisplay = [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some(
    (name) => name !== undefined && name !== '',
  );
  if (!hasDisplay && switchValue(runtime().argv, 'headless') === null) {
    throw new Missing('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); --headless does without one');
  }
  await startWindowSide(program);
}

class Missing extends Error {}

main().catch((error: unknown) => {
  if (error instanceof Missing) note(error.message);
  else note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(error instanceof Missing ? UNAVAILABLE : 1);
});
