// What the host itself promises: the same on the stand-in and on Electron (ELECTRON_PATH), so that what passes here on the stand-in can be trusted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { electronProgram, isRealElectron, launchConsole, processesOf, ROOT } from '../support/app.ts';
import type { LaunchOptions, RunningConsole } from '../support/app.ts';
import { passedOn } from '../support/child.ts';

const FIXTURE = path.join(ROOT, 'test/support/fixture-app');

/* eslint-disable @typescript-eslint/no-explicit-any -- each test knows what it sent across */
/** What the fixture's preload puts into its page. */
interface Fixture {
  invoke(channel: string, ...args: unknown[]): Promise<any>;
  send(channel: string, ...args: unknown[]): void;
  pathOf(file: unknown): string;
  on(hear: (...args: unknown[]) => void): () => boolean;
  same(value: any): any;
  apply(fn: (...args: any[]) => unknown, ...args: unknown[]): any;
  throws(): void;
  rejects(): Promise<void>;
  readonly nested: { readonly deep: { readonly list: number[]; say(word: string): string } };
  kindOf(value: unknown): string;
  readonly sandboxed: boolean;
  canRequire(name: string): boolean;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What the fixture's main notes. */
interface Seen {
  readonly events: string[];
  readonly permissions: string[];
  readonly requests: string[];
  readonly opened: string[];
  hold: boolean;
}

declare global {
  var fixture: Fixture;
  var seen: Seen;
  var openWindow: () => unknown;
  var violations: string[];
}

/** The fixture's page breaks its policy on purpose. */
const POLICY_BROKEN = /Content Security Policy|policy violation/;
const launch = (options: LaunchOptions = {}): Promise<RunningConsole> =>
  launchConsole({ appFolder: FIXTURE, allowed: [POLICY_BROKEN], ...options });

let running: RunningConsole;
let page: Page;
const seen = (): Promise<Seen> => running.app.evaluate(() => globalThis.seen);
const events = async (): Promise<string[]> => (await seen()).events;
const forget = (): Promise<void> =>
  running.app.evaluate(() => {
    globalThis.seen.events.length = 0;
    globalThis.seen.opened.length = 0;
    globalThis.seen.requests.length = 0;
  });
/** Waits until main has noted an event. */
const noted = (name: string): Promise<unknown> => expect.poll(events, { timeout: 10_000 }).toContain(name);
/** Follows an address as main knows it, as a page may: app: is no address of the stand-in's pages, a relative one is. */
const follow = (address: string): Promise<void> => page.evaluate((to) => void (location.href = to), address);

describe('one window', () => {
  beforeAll(async () => {
    running = await launch();
    page = running.page;
  });
  afterAll(() => running.close());

  describe('the bridge', () => {
    it('carries what a structured clone carries, both ways', async () => {
      const kinds = await page.evaluate(async () => {
        const cyclic: Record<string, unknown> = {};
        cyclic['self'] = cyclic;
        const given = [
          1,
          -0,
          Number.NaN,
          'text 中文 🙂',
          null,
          undefined,
          true,
          12345678901234567890n,
          new Date(86_400_000),
          new Map([['k', { v: 1 }]]),
          new Set([1, 2]),
          new Uint8Array([1, 2, 255]),
          /a+/giu,
          cyclic,
          { $: 'u', u: undefined },
        ];
        const [one, zero, nan, text, nothing, missing, yes, big, date, map, set, bytes, pattern, ring, odd] =
          await fixture.invoke('echo', ...given);
        return [
          one === 1,
          Object.is(zero, -0),
          Number.isNaN(nan),
          text === 'text 中文 🙂',
          nothing === null,
          missing === undefined,
          yes === true,
          big === 12345678901234567890n,
          date instanceof Date && date.getTime() === 86_400_000,
          map instanceof Map && map.get('k').v === 1,
          set instanceof Set && set.size === 2,
          bytes instanceof Uint8Array && bytes[2] === 255,
          pattern instanceof RegExp && pattern.flags === 'giu',
          ring.self === ring,
          odd.$ === 'u' && 'u' in odd && odd.u === undefined,
        ];
      });
      expect(kinds).toEqual(Array.from({ length: 15 }, () => true));
    });

    it('refuses what cannot be cloned, in Electron’s words', async () => {
      const words = await page.evaluate(() =>
        fixture
          .invoke('echo', () => 1)
          .then(
            () => 'passed',
            (error: unknown) => (error as Error).message,
          ),
      );
      expect(words).toBe('An object could not be cloned.');
    });

    it('says which call failed, and with what', async () => {
      const words = await page.evaluate(() =>
        Promise.all(
          ['fail', 'no-such'].map((name) =>
            fixture.invoke(name).catch((error: unknown) => [(error as Error).name, (error as Error).message]),
          ),
        ),
      );
      expect(words).toEqual([
        ['Error', "Error invoking remote method 'fail': RangeError: boom"],
        ['Error', "Error invoking remote method 'no-such': Error: No handler registered for 'no-such'"],
      ]);
    });

    it('carries pages of rows', async () => {
      const rows = await page.evaluate(() => fixture.invoke('rows', 200));
      expect(rows).toHaveLength(200);
      expect(rows[199]).toEqual({
        line: 199,
        cells: Array.from({ length: 12 }, (_cell, at) => `199/${at}`),
        note: undefined,
      });
    });

    it('lets functions, promises and errors through, of errors the message alone', async () => {
      const found = await page.evaluate(async () => {
        const caught = (act: () => unknown): unknown[] => {
          try {
            return ['passed', act()];
          } catch (error) {
            return [error instanceof Error, (error as Error).name, (error as Error).message];
          }
        };
        return {
          called: fixture.nested.deep.say('hello'),
          back: fixture.apply((a: number, b: number) => a * b, 6, 7),
          thrown: caught(() => fixture.throws()),
          thrownHere: caught(() =>
            fixture.apply(() => {
              throw new TypeError('mine');
            }),
          ),
          rejected: await fixture
            .rejects()
            .catch((error: unknown) => [error instanceof Error, (error as Error).name, (error as Error).message]),
          promised: await fixture.same(Promise.resolve({ deep: [1, 2] })),
          error: [
            fixture.same(new RangeError('as a value')) instanceof Error,
            fixture.same(new RangeError('as a value')).message,
          ],
          date: fixture.kindOf(new Date()),
          sameFunction: ((fn) => fixture.same(fn) === fn)(() => 1),
          proxies: [{ a: 1 }, [1]].map((value) => caught(() => fixture.same(new Proxy(value, {})))[2]),
          odd: caught(() =>
            fixture.apply(() => {
              // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a page may do
              throw { code: 3 };
            }),
          ).slice(0, 2),
        };
      });
      expect(found).toEqual({
        called: 'said hello',
        back: 42,
        thrown: [true, 'Error', 'thrown'],
        thrownHere: [true, 'Error', 'mine'],
        rejected: [true, 'Error', 'rejected'],
        promised: { deep: [1, 2] },
        error: [true, 'as a value'],
        date: '[object Date]',
        sameFunction: true,
        proxies: ['An object could not be cloned.', 'An object could not be cloned.'],
        odd: [true, 'Error'],
      });
    });

    it('is frozen to its depths and cannot be replaced', async () => {
      const found = await page.evaluate(() => {
        const before = fixture;
        const attempts = [
          () => (globalThis.fixture = {} as Fixture),
          () => fixture.nested.deep.list.push(4),
          () => delete (globalThis as Partial<typeof globalThis>).fixture,
        ];
        for (const attempt of attempts) {
          try {
            attempt();
          } catch {
            // Strict code is told.
          }
        }
        return [
          fixture === before,
          fixture.nested.deep.list.length,
          Object.isFrozen(fixture),
          Object.isFrozen(fixture.nested.deep),
        ];
      });
      expect(found).toEqual([true, 3, true, true]);
    });

    it('shows the page nothing of Node.js, and the preload little', async () => {
      const names = [
        'require',
        'process',
        'module',
        'global',
        'Buffer',
        'ipcRenderer',
        'electron',
        'standInBinding',
        'standInReceive',
      ];
      expect(await page.evaluate((all) => all.filter((name) => name in window), names)).toEqual([]);
      expect(
        await page.evaluate(() => [
          fixture.sandboxed,
          fixture.canRequire('electron'),
          fixture.canRequire('node:fs'),
          fixture.canRequire('zod'),
        ]),
      ).toEqual([true, true, false, false]);
    });

    it('tells the page of events until it listens no more', async () => {
      await page.evaluate(() => {
        const heard: unknown[] = [];
        const stop = fixture.on((...args) => {
          heard.push(args);
          if (heard.length === 2) stop();
        });
        Object.assign(window, { heard });
      });
      await running.app.evaluate(({ BrowserWindow }) => {
        for (const number of [1, 2, 3])
          BrowserWindow.getAllWindows()[0]?.webContents.send('news', number, { day: new Date(number) });
      });
      // Answers come after events that were sent before.
      await page.evaluate(() => fixture.invoke('echo'));
      expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([
        [1, { day: new Date(1) }],
        [2, { day: new Date(2) }],
      ]);
    });

    it('hands on what is sent without an answer', async () => {
      await page.evaluate(() => fixture.send('told', 1, { two: 2 }));
      await noted('told [1,{"two":2}]');
    });
  });

  describe('the policy', () => {
    it('blocks inline scripts and style attributes, and lets the page’s own files through', async () => {
      const found = await page.evaluate(() => [
        'inlineRan' in window,
        getComputedStyle(document.querySelector('#styled')!).color,
        getComputedStyle(document.querySelector('h1')!).color,
      ]);
      expect(found).toEqual([false, 'rgb(0, 0, 0)', 'rgb(4, 5, 6)']);
    });

    it('blocks eval, fetch and frames from elsewhere', async () => {
      const found = await page.evaluate(async () => {
        violations.length = 0;
        const frame = document.createElement('iframe');
        frame.src = 'https://example.invalid/';
        document.body.append(frame);
        const fetched = await fetch('/page.css').then(
          () => 'passed',
          () => 'refused',
        );
        await new Promise((resolve) => (frame.onload = resolve));
        frame.remove();
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        // A violation is told of in a task of its own.
        while (violations.length < 3) await new Promise((resolve) => setTimeout(resolve));
        return [fetched, 'injected' in window, violations.toSorted()];
      });
      expect(found).toEqual(['refused', false, ['connect-src', 'frame-src', 'script-src-elem']]);
    });
  });

  describe('windows and navigation', () => {
    beforeEach(forget);

    it('opens no window that main denies', async () => {
      expect(await page.evaluate(() => window.open('https://example.invalid/script') === null)).toBe(true);
      await page.click('#popup');
      await expect
        .poll(async () => (await seen()).opened)
        .toEqual(['https://example.invalid/script', 'https://example.invalid/popup']);
      await expect.poll(() => running.app.windows().length).toBe(1);
    });

    it('stays where it is when main prevents a navigation', async () => {
      await page.evaluate(() => document.querySelector<HTMLElement>('#away')!.click());
      await noted('will-navigate https://example.invalid/away');
      await follow('/forbidden.html');
      await noted('will-navigate app://fixture/forbidden.html');
      expect(await events()).toContain('will-frame-navigate app://fixture/forbidden.html');
      expect(await running.url()).toBe('app://fixture/');
      expect(await page.locator('h1').textContent()).toBe('Fixture');
    });

    it('goes where main lets it, redirects and all, and back when main says so', async () => {
      await follow('/other.html');
      await page.waitForSelector('#other');
      expect(await running.url()).toBe('app://fixture/other.html');
      expect(await events()).toContain('will-navigate app://fixture/other.html');
      await forget();
      await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.loadURL('app://fixture/'));
      await page.waitForSelector('[data-ready]', { state: 'attached' });
      await follow('/away');
      await noted('will-redirect app://fixture/other.html');
      await page.waitForSelector('#other');
      expect(await running.url()).toBe('app://fixture/other.html');
      await forget();
      await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.loadURL('app://fixture/'));
      await page.waitForSelector('[data-ready]', { state: 'attached' });
      // What main or a driver asks for is no wish of the page's.
      await page.reload();
      expect((await events()).filter((name) => name.startsWith('will-'))).toEqual([]);
    });

    it('saves no download that main prevents', async () => {
      await page.evaluate(() => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob(['secret']));
        link.download = 'taken.txt';
        link.click();
      });
      await noted('will-download taken.txt');
    });

    it('loads anew, with its bridge, when its process dies', async () => {
      const loaded = (): Promise<number> =>
        events().then((all) => all.filter((name) => name === 'did-finish-load').length);
      await running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      );
      await expect.poll(async () => (await events()).some((name) => name.startsWith('render-process-gone'))).toBe(true);
      await expect.poll(loaded, { timeout: 10_000 }).toBe(1);
      const answer = await running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('fixture.invoke("echo", 1)'),
      );
      expect(answer).toEqual([1]);
      expect(running.violations()).toEqual(['the page crashed']);
    });
  });
});

describe('one window, its page loaded anew', () => {
  beforeAll(async () => {
    running = await launch();
    page = running.page;
  });
  beforeEach(async () => {
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.loadURL('app://fixture/'));
    await page.waitForSelector('[data-ready]', { state: 'attached' });
    await forget();
  });
  afterAll(() => running.close());

  it('knows the page that speaks: address, origin, the main frame', async () => {
    expect(await page.evaluate(() => fixture.invoke('who'))).toEqual({
      url: 'app://fixture/',
      origin: 'app://fixture',
      parent: null,
      isTop: true,
      isMain: true,
    });
    const inner = await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.src = '/other.html';
      document.body.append(frame);
      await new Promise((resolve) => (frame.onload = resolve));
      return frame.contentWindow !== null && 'fixture' in frame.contentWindow;
    });
    expect(inner).toBe(false);
  });

  it('gives the path of a file that was chosen or dropped, and of no other', async () => {
    const file = path.join(running.dataFolder, '订单 list.csv');
    writeFileSync(file, 'a,b\n');
    await page.setInputFiles('#file', file);
    expect(
      await page.evaluate(() => fixture.pathOf(document.querySelector<HTMLInputElement>('#file')!.files![0])),
    ).toBe(file);
    await page.evaluate(() => {
      document.body.addEventListener('dragover', (event) => event.preventDefault());
      document.body.addEventListener('drop', (event) => {
        event.preventDefault();
        Object.assign(window, { dropped: fixture.pathOf(event.dataTransfer!.files[0]) });
      });
    });
    const cdp = await page.context().newCDPSession(page);
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await cdp.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
    await page.waitForFunction(() => 'dropped' in window);
    expect(await page.evaluate(() => (window as unknown as { dropped: string }).dropped)).toBe(file);
    expect(await page.evaluate(() => fixture.pathOf(new File(['a'], 'made-up.csv')))).toBe('');
    const thrown = await page.evaluate(() => {
      try {
        return fixture.pathOf({ path: '/etc/passwd' });
      } catch (error) {
        return error instanceof Error;
      }
    });
    expect(thrown).toBe(true);
  });

  it('grants no permission that main denies', async () => {
    const found = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'] as PermissionName[];
      const states = await Promise.all(
        names.map((name) => navigator.permissions.query({ name }).then(({ state }) => state)),
      );
      const asked = await Notification.requestPermission();
      const place = await new Promise<number>((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve(0),
          ({ code }) => resolve(code),
        ),
      );
      return { states, asked, place };
    });
    expect(found).toEqual({ states: Array.from({ length: 5 }, () => 'denied'), asked: 'denied', place: 1 });
  });

  it('reaches no network that the session refuses, by request or by socket', async () => {
    let reached = 0;
    const server = http.createServer((_request, reply) => void reply.end(String(++reached)));
    server.on('upgrade', (_request, socket) => {
      reached += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.loadURL('app://fixture/open.html'),
      );
      await page.waitForSelector('text=no policy');
      const found = await page.evaluate(async (host) => {
        const socket = new WebSocket(`ws://${host}/`);
        const opened = new Promise((resolve) => {
          socket.onopen = () => resolve('passed');
          socket.onerror = () => resolve('refused');
        });
        const fetched = fetch(`http://${host}/`, { mode: 'no-cors' }).then(
          () => 'passed',
          () => 'refused',
        );
        return Promise.all([fetched, opened]);
      }, `127.0.0.1:${port}`);
      expect(found).toEqual(['refused', 'refused']);
      expect(reached).toBe(0);
      const asked = new Set((await seen()).requests);
      expect([...asked]).toEqual([`127.0.0.1:${port}`]);
      running.violations();
    } finally {
      server.close();
    }
  });

  it('has bounds, light and dark, zoom, pictures', async () => {
    const found = await running.app.evaluate(async ({ BrowserWindow, nativeTheme }) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      const moved = new Promise((resolve) => window.once('resize', () => resolve(true)));
      window.setBounds({ x: 40, y: 50, width: 800, height: 620 });
      await moved;
      nativeTheme.themeSource = 'dark';
      return {
        bounds: window.getBounds(),
        normal: window.getNormalBounds(),
        dark: nativeTheme.shouldUseDarkColors,
        visible: window.isVisible(),
      };
    });
    const bounds = { x: 40, y: 50, width: 800, height: 620 };
    expect(found).toEqual({ bounds, normal: bounds, dark: true, visible: true });
    await expect.poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600));
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([900, 600]);
    await running.app.evaluate(
      ({ BrowserWindow }) => void (BrowserWindow.getAllWindows()[0]!.webContents.zoomFactor = 1.5),
    );
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])).toEqual([600, 400, 1.5]);
    await running.app.evaluate(
      ({ BrowserWindow }) => void (BrowserWindow.getAllWindows()[0]!.webContents.zoomFactor = 1),
    );
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(900);
    const picture = await running.app.evaluate(async ({ BrowserWindow }) =>
      (await BrowserWindow.getAllWindows()[0]!.webContents.capturePage()).getSize(),
    );
    expect(picture).toEqual({ width: 900, height: 600 });
  });

  it('keeps its menu, whose items can be chosen', async () => {
    await running.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('mark')?.click());
    await noted('menu');
    expect(
      await running.app.evaluate(({ Menu }) =>
        Menu.getApplicationMenu()?.items[0]?.submenu?.items.map(({ label, role }) => role ?? label),
      ),
    ).toEqual(['Mark', 'quit']);
  });

  it('is told of a second start on its data, which ends', async () => {
    expect(await running.startAgain(['again'])).toBe(3);
    await noted('second-instance again');
  });

  it('opens a second window, with a page and a bridge of its own', async () => {
    const opened = running.app.waitForEvent('window');
    await running.app.evaluate(() => void globalThis.openWindow());
    const other = await opened;
    await other.waitForSelector('[data-ready]', { state: 'attached' });
    expect(await other.evaluate(() => fixture.invoke('echo', 'second'))).toEqual(['second']);
    expect(await page.evaluate(() => fixture.invoke('echo', 'first'))).toEqual(['first']);
    await other.close();
    await expect.poll(() => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(await page.evaluate(() => fixture.invoke('echo', 'first'))).toEqual(['first']);
  });
});

describe('a window of its own', () => {
  beforeEach(async () => {
    running = await launch();
    page = running.page;
  });
  afterEach(() => running.close());

  it('stays when main prevents closing or quitting, and goes when it does not', async () => {
    await running.app.evaluate(({ app, BrowserWindow }) => {
      globalThis.seen.hold = true;
      BrowserWindow.getAllWindows()[0]?.close();
      app.quit();
    });
    expect(await events()).toEqual(expect.arrayContaining(['close', 'before-quit']));
    expect(await page.locator('h1').textContent()).toBe('Fixture');
    await running.app.evaluate(({ app }) => {
      globalThis.seen.events.length = 0;
      globalThis.seen.hold = false;
      app.quit();
    });
    await running.ended();
    expect(running.log()).toContain('events: before-quit, close, closed, will-quit\n');
  });

  it('ends when its last window is closed', async () => {
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await running.ended();
    expect(running.log()).toContain('events: close, closed, window-all-closed, before-quit, will-quit\n');
  });

  it('writes nothing down of what a page shows or is told', async () => {
    const planted = 'planted-4711';
    await page.evaluate((secret) => {
      const form = document.createElement('form');
      form.innerHTML =
        '<input name="user" id="user" /><input type="password" name="word" id="word" /><button id="go">go</button>';
      form.addEventListener('submit', (event) => event.preventDefault());
      document.body.append(form);
      document.title = secret;
    }, planted);
    await page.fill('#user', planted);
    await page.fill('#word', planted);
    await page.evaluate(() => document.querySelector<HTMLElement>('#go')!.click());
    await page.evaluate((secret) => {
      history.pushState({ secret }, '', `#${secret}`);
      return fixture.invoke('echo', secret);
    }, planted);
    await running.app.evaluate(({ app }) => void setTimeout(() => app.quit()));
    await running.ended();
    const files = readdirSync(running.dataFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(0);
    const found = files.filter((entry) => readFileSync(path.join(entry.parentPath, entry.name)).includes(planted));
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  it('leaves no process behind when main is killed', async () => {
    const before = processesOf(running.dataFolder);
    expect(before.length).toBeGreaterThan(2);
    // Rejects when anything outlives main.
    await running.kill();
    expect(processesOf(running.dataFolder)).toEqual([]);
  });
});

it('tells frames from the page when they have a preload', async () => {
  running = await launch({ env: { FIXTURE_SUB_FRAMES: '1' } });
  try {
    const frame = await running.page.evaluate(async () => {
      const inner = document.createElement('iframe');
      inner.src = '/other.html';
      document.body.append(inner);
      await new Promise((resolve) => (inner.onload = resolve));
      return (inner.contentWindow as unknown as { fixture: Fixture }).fixture.invoke('who');
    });
    expect(frame).toEqual({
      url: 'app://fixture/other.html',
      origin: 'app://fixture',
      parent: 'app://fixture/',
      isTop: false,
      isMain: false,
    });
  } finally {
    await running.close();
  }
});

// What is the stand-in's alone.
describe.runIf(!isRealElectron())('the stand-in', () => {
  interface Ended {
    readonly code: number | null;
    readonly words: string;
  }

  /** Starts it without a driver, as `npm start` does; once its window is shown it is told to end. */
  async function bare(env: Record<string, string>, args: readonly string[] = []): Promise<Ended> {
    const home = mkdtempSync(path.join(tmpdir(), 'stand-in-'));
    try {
      const child = spawn(electronProgram(), [...args, FIXTURE], {
        cwd: home,
        env: { ...passedOn(['PATH', 'DISPLAY', 'NODE_COMPILE_CACHE']), HOME: home, ORDER_CONSOLE_DATA: home, ...env },
      });
      let words = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          words += text;
          if (text.includes('shown\n')) child.kill('SIGTERM');
        });
      }
      const [code] = (await once(child, 'close')) as [number | null];
      await expect.poll(() => processesOf(home)).toEqual([]);
      return { code, words };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }

  it('says in a line what it needs', async () => {
    expect(await bare({ CHROMIUM_PATH: '/nowhere/chromium' })).toEqual({
      code: 69,
      words: expect.stringMatching(/^stand-in: Chromium is not installed; .*apt-get install chromium.*\n$/) as string,
    });
    expect(await bare({ DISPLAY: '' })).toEqual({
      code: 69,
      words: expect.stringMatching(/^stand-in: there is no display .*\n$/) as string,
    });
  });

  it('throws clearly for what it does not provide', async () => {
    running = await launch();
    try {
      const words = await running.app.evaluate((electron) => {
        const tries = [
          () => electron.Tray,
          () => electron.app.moveToApplicationsFolder,
          () => electron.BrowserWindow.getAllWindows()[0]?.webContents.printToPDF,
          () => electron.session.defaultSession.cookies,
        ];
        return tries.map((attempt) => {
          try {
            attempt();
            return 'passed';
          } catch (error) {
            return (error as Error).message;
          }
        });
      });
      expect(words).toEqual(
        ['electron.Tray', 'app.moveToApplicationsFolder', 'webContents.printToPDF', 'session.cookies'].map(
          (name) => `the stand-in does not provide ${name}`,
        ),
      );
    } finally {
      await running.close();
    }
  });

  it('asks main when a person closes the window, and brings it back when main says so', async () => {
    running = await launch();
    try {
      await running.app.evaluate(() => {
        globalThis.seen.hold = true;
      });
      const opened = running.app.waitForEvent('window');
      const cdp = await running.page.context().newCDPSession(running.page);
      // As a click on the window's corner: main hears of it afterwards. The answer may not come any more.
      cdp.send('Page.close').catch(() => undefined);
      const again = await opened;
      await again.waitForSelector('[data-ready]', { state: 'attached' });
      expect(await again.evaluate(() => fixture.invoke('echo', 'again'))).toEqual(['again']);
      await noted('close');
      await running.app.evaluate(() => {
        globalThis.seen.hold = false;
      });
      const last = await again.context().newCDPSession(again);
      last.send('Page.close').catch(() => undefined);
      await running.ended();
      expect(running.log()).toContain('events: close, close, closed, window-all-closed, before-quit, will-quit\n');
    } finally {
      await running.close();
    }
  });

  it('ends as asked by a signal, without a driver and without a display', async () => {
    expect(await bare({ DISPLAY: '' }, ['--headless'])).toEqual({
      code: 0,
      words: 'shown\nevents: before-quit, close, closed, will-quit\n',
    });
  });

  it('runs Node.js as the console runs it', () => {
    const bootstrap = readFileSync(path.join(ROOT, 'scripts/bootstrap.mjs'), 'utf8');
    const flags = [
      ...bootstrap.matchAll(/'(--(?:disable-warning|max-semi-space-size|heap-growing-percent)=[^']+)'/g),
    ].map(([, flag]) => flag);
    const wrapper = readFileSync(path.join(ROOT, 'test/support/electron/electron'), 'utf8');
    expect(flags).toHaveLength(4);
    expect(flags.filter((flag) => !wrapper.includes(flag!))).toEqual([]);
  });

  it('does what the menu’s keys say', async () => {
    running = await launch();
    try {
      await running.page.keyboard.press('Control+Shift+K');
      await noted('menu');
    } finally {
      await running.close();
    }
  });
});
