import { app, ipcMain, type IpcMainInvokeEvent } from 'electron';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { EVENT_CHANNEL, INVOKE_CHANNEL } from '../contract/bridge.ts';
import { openAudit } from './audit/trail.ts';
import { dataFolder } from './folders.ts';
import { createEvents, type Events } from './ipc/events.ts';
import { createGate, type Sender } from './ipc/gate.ts';
import { LINK_PAGES } from './links.ts';
import { openLock, type Lock } from './lock/lock.ts';
import { createConsole, type Console } from './routes/console.ts';
import type { Desk } from './routes/desk.ts';
import { readLicences } from './routes/licences.ts';
import type { NoticeTarget } from './routes/notices.ts';
import { languageOf, openSettings } from './routes/settings.ts';
import { closeDoors, createShell, developmentServer, isForTerminal } from './shell/index.ts';
import { NewerWatch, newerSource, prepare, runInTerminal, startFailed } from './shell/index.ts';
import type { Shell, ShellOptions } from './shell/index.ts';

const NAME = 'Order Console';
const BUILT = import.meta.dirname;
/** The page's own ground in styles/tokens.css. */
const GROUNDS = { light: '#f4f5f7', dark: '#14161b' };
/** Refusals and troubles that go into the log in one run: a page gone wild must not fill the disk. */
const MOST_NOTES = 200;

// As scripts/bootstrap.mjs has it for the terminal: V8 would let the heaps of main and of its database grow fourfold before it clears them of
// the rows of a large job. It is asked at each clearing, so that it may be set here.
setFlagsFromString('--heap-growing-percent=100');

/** The desktop's part of the routes. The shell comes up beside them, so each call waits for it. */
function deskOf(shell: () => Shell, newer: NewerWatch): Desk {
  return {
    newer: (wish) => newer.ask(wish),
    chooseFile: () => shell().chooseInput(),
    chooseBackup: () => shell().chooseBackup(),
    saveFile: (name) => shell().chooseOutput(name),
    reveal: (file) => shell().reveal(file),
    openLink: (link) => shell().openLink(link),
    showFolder: () => shell().showDataFolder(),
    copyText: (text) => void shell().copyText(text),
    canAskPerson: () => shell().canAskPerson(),
    askPerson: (reason) => shell().askPerson(reason),
    reloadPage: () => shell().reloadPage(),
    systemLanguages: () => app.getPreferredSystemLanguages(),
    applyTheme: (theme) => shell().setTheme(theme),
    applyLanguage: (language) => shell().setLanguage(language),
    resolveProxy: (origin) => shell().systemProxy(origin),
    keepAwake: (on) => shell().setAwake(on),
    progressBar: (fraction, state) => shell().setProgress(fraction, state),
    notify: (notice) => shell().notify(notice),
    watchNetwork: (on) => shell().watchNetwork(on),
  };
}

/** Who sent a call, as the gate wants to know it. */
function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, shell: Shell): Sender | null {
  if (senderFrame === null) return null;
  return { url: senderFrame.url, isMainFrame: senderFrame.parent === null, isOurWindow: sender === shell.page() };
}

/** Lets so many notes through to the log. */
function limited(console: () => Console): Console['log'] {
  let left = MOST_NOTES;
  return (what, fields) => {
    left -= 1;
    if (left >= 0) console().log(what, fields);
  };
}

/** The lock of the window, whose doings stand in the audit trail. */
function lockOf(folder: string): Promise<Lock> {
  const audit = openAudit({ folder });
  return openLock({ folder, onEvent: ({ what, ...detail }) => void audit.note({ what, detail }) });
}

/** What the machine's sleep and the person's absence mean. */
function absenceOf(
  orderConsole: Console,
  events: Events,
): Pick<ShellOptions, 'onResumed' | 'onSuspended' | 'onScreenLocked' | 'onIdle'> {
  return {
    onResumed: () => {
      void orderConsole.resumed();
      events.tellNow('woke', undefined);
    },
    onSuspended: () => {
      orderConsole.suspended();
      orderConsole.lock('suspend');
    },
    onScreenLocked: () => void orderConsole.lock('screen'),
    onIdle: (seconds) => orderConsole.idleFor(seconds),
  };
}

/** Answers the page's calls through the gate. */
function answerCalls(orderConsole: Console, shell: Shell): void {
  const gate = createGate({
    handlers: orderConsole.handlers,
    log: orderConsole.log,
    origin: shell.origin,
    isLocked: () => orderConsole.isLocked(),
  });
  ipcMain.handle(INVOKE_CHANNEL, (event, route: unknown, input: unknown) => gate(senderOf(event, shell), route, input));
}

/** Has the window show what a chosen notification is about. */
function showIn(events: Events): (target: NoticeTarget) => void {
  return (target) => {
    if ('jobId' in target) events.tellNow('showJob', target);
    else events.tellNow('showView', target);
  };
}

/** What goes wrong with the page, for the log. */
const troublesOf = (note: Console['log']): ShellOptions['troubles'] => ({
  pageGone: (reason, exitCode) => note('page_gone', { reason, exitCode }),
  pageStuck: () => note('page_stuck', {}),
});

async function start(folder: string): Promise<void> {
  const settings = await openSettings(folder);
  const lock = await lockOf(folder);
  let shell: Shell | null = null;
  const theShell = (): Shell => {
    if (shell === null) throw new Error('the shell is not there yet');
    return shell;
  };
  const newer = new NewerWatch(newerSource(), (error) => note('update_failed', { error }));
  const events = createEvents({
    send: (event, data) => {
      // A locked window is told nothing; once it is open its page reads all of it anew.
      if (!lock.isLocked()) shell?.page()?.send(EVENT_CHANNEL, event, data);
    },
  });
  const orderConsole = createConsole({
    folder,
    worker: new URL('./data-worker.js', import.meta.url),
    version: app.getVersion(),
    electron: process.versions.electron,
    desk: deskOf(theShell, newer),
    events,
    settings,
    lock,
    workspace: process.argv.includes('--practice') ? 'practice' : 'real',
    licences: () => readLicences([BUILT, path.join(BUILT, '../renderer'), path.join(BUILT, '../preload')]),
  });
  const note = limited(() => orderConsole);
  shell = await createShell({
    name: NAME,
    folder,
    renderer: path.join(BUILT, '../renderer'),
    preload: path.join(BUILT, '../preload/index.js'),
    language: languageOf(settings.get(), app.getPreferredSystemLanguages()),
    theme: settings.get().theme,
    grounds: GROUNDS,
    links: LINK_PAGES,
    hosts: [],
    development: import.meta.env.DEV ? developmentServer(process.env['ELECTRON_RENDERER_URL']) : null,
    devTools: !app.isPackaged,
    onCommand: (command) => events.tellNow('command', command),
    ...absenceOf(orderConsole, events),
    onNetwork: () => orderConsole.networkChanged(),
    onNotice: showIn(events),
    refused: (what, detail) => note('refused', { what, detail }),
    troubles: troublesOf(note),
    runningJobs: () => orderConsole.runningJobs(),
    pauseAll: () => orderConsole.pauseAll(),
    close: () => orderConsole.close(),
  });
  answerCalls(orderConsole, shell);
  shell.open();
  if (settings.get().updates) await newer.follow();
}

/** Begins on the data folder, or hands over to the console that already runs on it. */
async function begin(): Promise<void> {
  const folder = dataFolder();
  if (!prepare({ name: NAME, appId: 'com.order-console.app', folder })) {
    app.exit();
    return;
  }
  await app.whenReady();
  await start(folder);
}

closeDoors(app);
if (isForTerminal()) runInTerminal(path.join(BUILT, 'cli.js'));
else begin().catch((error: unknown) => startFailed(NAME, error));
