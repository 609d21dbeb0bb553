import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, MOST_ASAR_BYTES, readAsar } from '../../scripts/package/contents.ts';
import { fusesOf, readFuses } from '../../scripts/package/fuses.ts';
import { electronFolder, inspect, packHere, start, type PackedApp, type Started } from '../support/packaged/index.ts';
import type { Inspector } from '../support/packaged/inspector.ts';

const electron = electronFolder();
/** Said in the name, so that whoever reads the list of what was skipped knows what to do. */
const NEEDS = electron === null ? ' (needs Electron itself: npm start fetches it, or ELECTRON_PATH names one)' : '';

/** All files below a folder, by name. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

describe.skipIf(electron === null)(`the packaged program${NEEDS}`, () => {
  const output = mkdtempSync(path.join(tmpdir(), 'packages-'));
  let shipped: PackedApp;
  let test: PackedApp;
  const running = new Set<Started>();
  const started = (app: PackedApp, args: readonly string[], env?: Readonly<Record<string, string>>): Started => {
    const one = start(app, args, env);
    running.add(one);
    return one;
  };

  beforeAll(async () => {
    shipped = await packHere('shipped', electron ?? '', output);
    test = await packHere('test', electron ?? '', output);
  });
  afterEach(async () => {
    await Promise.all([...running].map((one) => one.end()));
    running.clear();
  });
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  it('has every fuse as it is meant to be, read back from its own file', async () => {
    for (const app of [shipped, test]) {
      const there = await readFuses(app.program);
      const wanted: Readonly<Record<string, boolean>> = fusesOf(app.flavour);
      expect(Object.keys(there).length).toBeGreaterThanOrEqual(8);
      for (const [fuse, on] of Object.entries(there)) expect([fuse, on]).toEqual([fuse, wanted[fuse]]);
    }
    const [ours, tests] = [await readFuses(shipped.program), await readFuses(test.program)];
    const apart = Object.keys(ours).filter((fuse) => ours[fuse] !== tests[fuse]);
    expect(apart).toEqual([String(FuseV1Options.EnableNodeCliInspectArguments)]);
  });

  it('differs from what is tested by that one byte of the program, and by what an older Electron lacks', () => {
    const [ours, tests] = [readFileSync(shipped.program), readFileSync(test.program)];
    expect(ours.length).toBe(tests.length);
    let different = 0;
    for (let at = 0; at < ours.length; at += 4_096) {
      const [one, other] = [ours.subarray(at, at + 4_096), tests.subarray(at, at + 4_096)];
      if (!one.equals(other)) different += one.filter((byte, index) => byte !== other[index]).length;
    }
    expect(different).toBe(1);
    const code = (app: PackedApp): Map<string, string> =>
      new Map(
        readAsar(app.asar)
          .filter(({ name }) => !/^(?:extra\/|package\.json$)/u.test(name))
          .map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')]),
      );
    expect(code(test)).toEqual(code(shipped));
  });

  it('holds the built code, one native module and nothing else: no secret, no source, no map, no test', () => {
    const files = readAsar(shipped.asar);
    expect(faultsOf(files, `${process.platform}-${process.arch}`)).toEqual([]);
    expect(statSync(shipped.asar).size).toBeLessThan(MOST_ASAR_BYTES);
    const roots = new Set(files.map(({ name }) => name.split('/').slice(0, 2).join('/')));
    expect([...roots].sort()).toEqual([
      'node_modules/keytar',
      'out/main',
      'out/preload',
      'out/renderer',
      'package.json',
    ]);
    const beside = filesBelow(path.dirname(shipped.asar)).filter((name) => !name.startsWith('app.asar'));
    expect(beside.filter((name) => !name.endsWith('.lproj') && !name.endsWith('.icns'))).toEqual([]);
    const manifest = JSON.parse(
      String(Buffer.from(files.find(({ name }) => name === 'package.json')?.bytes ?? [])),
    ) as object;
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['scripts', 'devDependencies', 'allowScripts']));
  });

  describe('in its window', () => {
    let app: Started;
    let inspector: Inspector;

    beforeAll(async () => {
      app = start(test, ['--practice', '--inspect=0', '--remote-debugging-port=0']);
      inspector = await inspect(app);
    });
    afterAll(async () => {
      inspector.close();
      await app.end();
    });

    it('starts, serves its page from the archive under its policy, and answers', async () => {
      const ready = `new Promise((resolve) => {
        const look = () => document.querySelector('[data-ready="true"]') === null ? setTimeout(look, 20) : resolve(location.href);
        look();
      })`;
      expect(await inspector.page(ready)).toMatch(/^app:\/\/console\//u);
      const where = 'return { packaged: electron.app.isPackaged, where: electron.app.getAppPath() };';
      expect(await inspector.main(where)).toEqual({ packaged: true, where: test.asar });
      expect(await inspector.page(`fetch(location.href).then(() => 'fetched', () => 'refused')`)).toBe('refused');
      const call = (route: string): string => `window.orderConsole.invoke('${route}', undefined)`;
      expect(await inspector.page(call('app.state'))).toMatchObject({ ok: true, data: { workspace: 'practice' } });
      expect(await inspector.page(call('app.licences'))).toMatchObject({
        ok: true,
        data: expect.arrayContaining([expect.objectContaining({ name: 'zod', licence: 'MIT' })]) as unknown,
      });
    });

    it('runs a job on a twin through its database thread, and verifies it', async () => {
      const run = `(async () => {
        const call = async (route, input) => {
          const answer = await window.orderConsole.invoke(route, input);
          if (!answer.ok) throw new Error(route + ' ' + JSON.stringify(answer.error));
          return answer.data;
        };
        const accountId = (await call('accounts.list')).find(({ vendor }) => vendor === 'polyv').id;
        const params = { status: 'wait_delivery', pageSize: '5' };
        const { lookupId } = await call('lookups.start', { accountId, operation: 'order-list', params });
        let page = { rows: [] };
        while (page.rows.length === 0) {
          page = await call('lookups.page', { lookupId, view: { sort: null, find: '', values: {} }, offset: 0, limit: 2 });
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const { jobId } = await call('updates.import', {
          importId: 'smoke', accountId, operation: 'update-status', params: { status: 'delivering' },
          source: { kind: 'paste', text: page.rows.map(({ values }) => values.orderNo).join('\\n') }, mapping: { orderNo: 0 },
          hasHeader: false, options: { readBefore: false, writeUnreadable: false, verifyAfter: true },
        });
        const verified = new Promise((resolve) => window.orderConsole.on('verifyEnded', resolve));
        await call('jobs.run', { jobId, firstRows: null });
        await verified;
        return (await call('jobs.get', { jobId })).counts;
      })()`;
      expect(await inspector.page(run)).toMatchObject({ succeeded: 2, failed: 0, unknown: 0, notSent: 0 });
    });

    it('opens no developer tools and no debugging port', async () => {
      const tools = `const { webContents } = electron.BrowserWindow.getAllWindows()[0];
        webContents.openDevTools(); return webContents.isDevToolsOpened();`;
      expect(await inspector.main(tools)).toBe(false);
      expect(app.words()).not.toContain('DevTools listening');
      expect(existsSync(path.join(app.dataFolder, 'window', 'DevToolsActivePort'))).toBe(false);
    });

    it('writes no memory down when its page and then itself crashes', async () => {
      await inspector.main(`const { webContents } = electron.BrowserWindow.getAllWindows()[0];
        const back = new Promise((resolve) => webContents.once('did-finish-load', resolve));
        webContents.forcefullyCrashRenderer(); await back;`);
      const ended = once(app.child, 'exit');
      app.child.kill('SIGSEGV');
      await ended;
      const dumps = /\.(?:dmp|heapsnapshot)$|(?:^|\/)core(?:\.\d+)?$/u;
      expect(filesBelow(app.home).filter((name) => dumps.test(name))).toEqual([]);
    });
  });

  it('lets nobody look in as it is shipped: no inspector, no debugging port, no Node.js, no options of Node.js', async () => {
    const env = { NODE_OPTIONS: '--require /nonexistent/hook.cjs', ELECTRON_RUN_AS_NODE: '1' };
    const closed = started(
      shipped,
      ['--inspect=0', '--remote-debugging-port=0', '-e', 'console.log("node " + 1)'],
      env,
    );
    // Its own code has begun: its folder is there, or its Electron is too old for it and says so.
    const begun = (): boolean =>
      existsSync(path.join(closed.dataFolder, 'window')) || closed.words().includes('node:sqlite');
    await expect.poll(begun, { timeout: 60_000 }).toBe(true);
    expect(closed.words()).not.toMatch(/Debugger listening|DevTools listening|node 1|hook\.cjs/u);
  });

  it('runs in the terminal by --cli, without a window', async () => {
    const version = started(test, ['--cli', '--version']);
    const [code] = (await once(version.child, 'exit')) as [number | null];
    const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect([code, version.output()]).toEqual([0, `${manifest.version}\n`]);

    const run = started(test, ['--cli', 'update', 'twin-pdd', 'note-update', '-', '--twins', '--yes']);
    run.child.stdin?.end('order_sn,note\n230101-123456789012345,hi\n');
    const [ended] = (await once(run.child, 'exit')) as [number | null];
    // The twin has no such order, so the row is kept from being sent.
    expect(ended, run.words()).toBe(3);
    expect(run.output()).toContain('There is no such order');
  });

  // Last, as it breaks the program.
  it.skipIf(process.platform === 'linux')(
    'does not start from an archive that was changed (Electron checks none on Linux)',
    async () => {
      const bytes = readFileSync(test.asar);
      const main = readAsar(test.asar).find(({ name }) => name === 'out/main/index.js')?.bytes ?? new Uint8Array();
      // A name in its text, so that it is still a program.
      const at = bytes.indexOf('Order Console', bytes.indexOf(main));
      expect(at).toBeGreaterThan(0);
      bytes.write('Ordre', at);
      writeFileSync(test.asar, bytes);
      const changed = started(test, ['--cli', '--version']);
      const [code] = (await once(changed.child, 'exit')) as [number | null];
      expect([code, changed.output()]).not.toEqual([0, expect.anything()]);
    },
  );
});
