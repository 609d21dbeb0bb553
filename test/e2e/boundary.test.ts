import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import path from 'node:path';
import { launchConsole, type RunningConsole } from '../support/app.ts';

/** What the page and the bridge are asked for, by name, so that a refusal can be told from a fault of the test. */
interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
  readonly data?: unknown;
}

let app: RunningConsole;
beforeAll(async () => {
  app = await launchConsole({ args: ['--practice'] });
});
afterAll(() => app.close());

const invoke = (route: unknown, input?: unknown): Promise<Answer> =>
  app.page.evaluate(
    ([name, value]) =>
      (window as unknown as { orderConsole: { invoke(r: unknown, i: unknown): Promise<Answer> } }).orderConsole.invoke(
        name,
        value,
      ),
    [route, input] as const,
  );

describe('the page', () => {
  it('starts without breaking its own policy', () => {
    expect(app.violations()).toEqual([]);
  });

  it('has none of Node’s and Electron’s own names', async () => {
    const found = await app.page.evaluate(() =>
      [
        'require',
        'process',
        'module',
        'exports',
        'global',
        'Buffer',
        '__dirname',
        'ipcRenderer',
        'electron',
        'electronBinding',
      ].filter((name) => name in window),
    );
    expect(found).toEqual([]);
  });

  it('has one frozen object of three functions, which cannot be replaced', async () => {
    const seen = await app.page.evaluate(() => {
      const page = window as unknown as { orderConsole: Record<string, unknown> };
      const before = page.orderConsole;
      const tries = [
        () => void (page.orderConsole = {}),
        () => void (before['invoke'] = () => 'mine'),
        () => void (before['more'] = 1),
        () => delete (page as Partial<typeof page>).orderConsole,
      ];
      for (const attempt of tries) {
        try {
          attempt();
        } catch {
          // Strict code is told; it must fail all the same.
        }
      }
      return {
        same: page.orderConsole === before,
        frozen: Object.isFrozen(page.orderConsole),
        names: Object.keys(page.orderConsole).sort(),
        kinds: Object.values(page.orderConsole).map((value) => typeof value),
      };
    });
    expect(seen).toEqual({
      same: true,
      frozen: true,
      names: ['invoke', 'on', 'takeFile'],
      kinds: ['function', 'function', 'function'],
    });
  });
});

describe('the bridge', () => {
  it('answers a route of the contract', async () => {
    expect(await invoke('app.state', undefined)).toMatchObject({ ok: true, data: { workspace: 'practice' } });
  });

  it.each(['no.such', 'files.register', '__proto__', 'constructor', ''])(
    'refuses the route %j by its code',
    async (route) => {
      expect(await invoke(route, { path: '/etc/passwd' })).toMatchObject({
        ok: false,
        error: { code: 'UNKNOWN_ROUTE' },
      });
    },
  );

  it('refuses what no schema takes by its code', async () => {
    expect(await invoke('jobs.get', { jobId: 'one' })).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
    expect(await invoke('jobs.rows', { jobId: 1, filter: {}, offset: 0, limit: 100_000 })).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT' },
    });
    expect(await invoke('settings.change', { theme: 'pink' })).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT' },
    });
  });

  it('takes no file that is none', async () => {
    const answer = await app.page.evaluate(() =>
      (window as unknown as { orderConsole: { takeFile(f: unknown): Promise<Answer> } }).orderConsole.takeFile(
        new File(['a'], 'made-up.csv'),
      ),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'FILE_UNREADABLE' } });
  });

  it('hears no other window, even one with our preload', async () => {
    const opened = app.app.waitForEvent('window');
    await app.app.evaluate(
      ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true },
        });
        void other.loadURL('data:text/html,<title>other</title>');
      },
      path.resolve(import.meta.dirname, '../../out/preload/index.js'),
    );
    const other = await opened;
    await other.waitForFunction(() => 'orderConsole' in window);
    const answer = await other.evaluate(() =>
      (window as unknown as { orderConsole: { invoke(r: string, i: unknown): Promise<Answer> } }).orderConsole.invoke(
        'accounts.list',
        undefined,
      ),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'FOREIGN_SENDER' } });
    await other.close();
  });

  it('gives a frame within the page nothing', async () => {
    const inner = await app.page.evaluate(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const has = frame.contentWindow !== null && 'orderConsole' in frame.contentWindow;
      frame.remove();
      return has;
    });
    expect(inner).toBe(false);
  });
});

describe('the page’s place', () => {
  it('cannot be left', async () => {
    const before = await app.url();
    for (const target of [
      'https://example.com/',
      'file:///etc/passwd',
      'app://other/index.html',
      'data:text/html,hi',
    ]) {
      await app.page
        .evaluate((address) => {
          const link = document.createElement('a');
          link.href = address;
          document.body.append(link);
          link.click();
          link.remove();
          location.assign(address);
        }, target)
        .catch(() => undefined);
    }
    await app.page.waitForFunction(() => document.querySelector('[data-ready="true"]') !== null);
    expect(await app.url()).toBe(before);
    expect(await invoke('app.state', undefined)).toMatchObject({ ok: true });
    // The browser says what it did not do.
    expect(app.violations().filter((text) => !text.startsWith('Not allowed to '))).toEqual([]);
  });

  it('opens no window', async () => {
    const windows = app.app.windows().length;
    expect(await app.page.evaluate(() => window.open('https://example.com/', '_blank') === null)).toBe(true);
    expect(app.app.windows()).toHaveLength(windows);
  });
});

describe('the content security policy', () => {
  it('really blocks inline script, eval, a style element, and everything from elsewhere', async () => {
    const seen = await app.page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
      const page = window as unknown as Record<string, unknown>;

      const script = document.createElement('script');
      try {
        script.append('window.planted = 1');
        document.body.append(script);
      } catch {
        // Older Chromium refuses the text before the element is in the page.
      }

      // A call from outside may evaluate texts; one of the page's own may not, and a timer's is its own.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what must be refused
            resolve(new Function('return 7')());
          } catch {
            resolve('refused');
          }
        });
      });

      const style = document.createElement('style');
      style.textContent = 'body { --planted: 1 }';
      document.head.append(style);
      const styled = getComputedStyle(document.body).getPropertyValue('--planted');

      const fetched = await fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      const pictured = await new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
        image.src = 'https://example.com/a.png';
      });
      let socket = 'refused';
      try {
        await new Promise<void>((resolve) => {
          const line = new WebSocket('wss://example.com/');
          line.onopen = () => {
            socket = 'open';
            resolve();
          };
          line.onerror = () => resolve();
        });
      } catch {
        // Refused at once.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      script.remove();
      style.remove();
      return {
        planted: page['planted'],
        evaluated,
        styled,
        fetched,
        pictured,
        socket,
        blocked: [...new Set(blocked)].sort(),
      };
    });
    expect(seen).toMatchObject({
      planted: undefined,
      evaluated: 'refused',
      styled: '',
      fetched: 'refused',
      pictured: 'refused',
      socket: 'refused',
    });
    expect(seen.blocked).toEqual(
      expect.arrayContaining(['connect-src', 'img-src', 'require-trusted-types-for', 'style-src-elem']),
    );
    // What was blocked just now was meant to be.
    expect(app.violations().length).toBeGreaterThan(0);
  });
});
