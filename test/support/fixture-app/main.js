/* global module, Response, require, __dirname */
// A small program for host.test.ts, which runs it on the stand-in and on Electron itself. It notes what it sees in `globalThis.seen`.
const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { app, BrowserWindow, ipcMain, Menu, protocol, session } = require('electron');

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; connect-src 'none'";
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const seen = { events: [], permissions: [], requests: [], opened: [], hold: false };
globalThis.seen = seen;
const note = (name, detail = '') => seen.events.push(detail === '' ? name : `${name} ${detail}`);

app.setPath('userData', process.env.ORDER_CONSOLE_DATA);

function rulesFor(guarded) {
  guarded.setPermissionRequestHandler((_contents, permission, answer) => {
    seen.permissions.push(permission);
    answer(false);
  });
  guarded.setPermissionCheckHandler(() => false);
  guarded.webRequest.onBeforeRequest((details, answer) => {
    const cancel =
      !details.url.startsWith('app:') && !details.url.startsWith('data:') && !details.url.startsWith('devtools:');
    if (cancel) seen.requests.push(new URL(details.url).host);
    answer({ cancel });
  });
  guarded.on('will-download', (event, item) => {
    note('will-download', item.getFilename());
    event.preventDefault();
  });
  guarded.protocol.handle('app', async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/away')
      return new Response('', { status: 302, headers: { location: 'app://fixture/other.html' } });
    const file = path.join(__dirname, 'page', pathname === '/' ? 'index.html' : pathname.slice(1));
    try {
      const headers = { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' };
      // One page without a policy, so that what the session refuses can be told from what the policy does.
      if (pathname !== '/open.html') headers['content-security-policy'] = POLICY;
      return new Response(await readFile(file), { headers });
    } catch {
      return new Response('none', { status: 404 });
    }
  });
}

function answerCalls() {
  ipcMain.handle('echo', (_event, ...args) => args);
  ipcMain.handle('fail', () => {
    throw new RangeError('boom');
  });
  ipcMain.handle('rows', (_event, count) =>
    Array.from({ length: count }, (_row, line) => ({
      line,
      cells: Array.from({ length: 12 }, (_cell, at) => `${line}/${at}`),
      note: undefined,
    })),
  );
  ipcMain.handle('who', (event) => ({
    url: event.senderFrame.url,
    origin: event.senderFrame.origin,
    parent: event.senderFrame.parent === null ? null : event.senderFrame.parent.url,
    isTop: event.senderFrame.top === event.senderFrame,
    isMain: event.senderFrame === event.sender.mainFrame,
  }));
  ipcMain.on('told', (_event, ...args) => note('told', JSON.stringify(args)));
}

function openWindow(guarded) {
  const window = new BrowserWindow({
    width: 900,
    height: 640,
    show: false,
    backgroundColor: '#fff',
    webPreferences: {
      preload: path.join(__dirname, 'preload.js'),
      session: guarded,
      sandbox: true,
      contextIsolation: true,
      nodeIntegrationInSubFrames: process.env.FIXTURE_SUB_FRAMES === '1',
    },
  });
  const { webContents } = window;
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    webContents.on(name, (event) => {
      note(name, event.url);
      // A page's own navigations are will-navigate's to prevent.
      if (name === 'will-frame-navigate' && event.isMainFrame) return;
      if (!event.url.startsWith('app:') || event.url.endsWith('/forbidden.html')) event.preventDefault();
    });
  }
  webContents.setWindowOpenHandler(({ url }) => {
    seen.opened.push(url);
    return { action: 'deny' };
  });
  for (const name of ['dom-ready', 'did-finish-load']) webContents.on(name, () => note(name));
  webContents.on('render-process-gone', (_event, details) => {
    note('render-process-gone', details.reason);
    webContents.reload();
  });
  window.once('ready-to-show', () => {
    note('ready-to-show');
    window.show();
    process.stdout.write('shown\n');
  });
  window.on('close', (event) => {
    note('close');
    if (seen.hold) event.preventDefault();
  });
  window.on('closed', () => note('closed'));
  void window.loadURL('app://fixture/').catch((error) => note('load failed', error.message));
  return window;
}

function start() {
  app.on('second-instance', (_event, argv) =>
    note('second-instance', argv.includes('again') ? 'again' : argv.join(' ')),
  );
  app.on('before-quit', (event) => {
    note('before-quit');
    if (seen.hold) event.preventDefault();
  });
  app.on('window-all-closed', () => {
    note('window-all-closed');
    app.quit();
  });
  app.on('will-quit', () => note('will-quit'));
  app.on('quit', () =>
    process.stdout.write(`events: ${seen.events.filter((name) => /quit|close/.test(name)).join(', ')}\n`),
  );
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  void app.whenReady().then(() => {
    const guarded = session.fromPartition('persist:fixture');
    rulesFor(guarded);
    answerCalls();
    Menu.setApplicationMenu(
      Menu.buildFromTemplate([
        {
          label: 'File',
          submenu: [
            { id: 'mark', label: 'Mark', accelerator: 'CmdOrCtrl+Shift+K', click: () => note('menu') },
            { role: 'quit' },
          ],
        },
      ]),
    );
    globalThis.openWindow = () => openWindow(guarded);
    openWindow(guarded);
  });
}

if (app.requestSingleInstanceLock()) start();
else setTimeout(() => app.exit(3), 0);

module.exports = {};
