// The vendor of docs/adding-a-vendor.md, put where the page says, works in the window: its blocks are read out of the page itself.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/main/vendors/shared/digest.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { launchConsole, ROOT, type RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring, type KeyringHome, type KeyringSession } from '../support/keyring.ts';
import { chooseAccount, goTo, invoke, lookUp, readStatus, speak, t } from './pages.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/adding-a-vendor.md'), 'utf8');
const SECRET = 'toy-secret-1';

/** Writes the page's blocks below a copy of the sources; answers the files that they touch. */
function follow(folder: string): string[] {
  const touched: string[] = [];
  for (const [, file = '', code = ''] of PAGE.matchAll(/```ts\n\/\/ (src\/\S+)\n([\s\S]*?)```/gu)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
    touched.push(file);
  }
  for (const [, file = '', lines = ''] of PAGE.matchAll(/```diff (\S+)\n([\s\S]*?)```/gu)) {
    let text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, old = '', added = ''] of lines.matchAll(/^-(.*)\n((?:\+.*\n)+)/gmu)) {
      expect(text.split(old), `${file} has this line once: ${old}`).toHaveLength(2);
      text = text.replace(old, added.replace(/^\+/gmu, '').trimEnd());
    }
    writeFileSync(path.join(folder, file), text);
    touched.push(file);
  }
  return touched;
}

function run(folder: string, args: readonly string[]): string {
  const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return ran.status === 0 ? '' : `${ran.stdout}${ran.stderr}`;
}

/** The toy's own server: it verifies each sign and ships what it has. */
function toyShop(shipped: string[]): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://toy');
    const sign = url.searchParams.get('sign');
    url.searchParams.delete('app');
    url.searchParams.delete('sign');
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const rest = url.searchParams.toString();
      const ours = sha256Hex(SECRET + url.pathname + (rest === '' ? '' : `?${rest}`) + body);
      const orders = [
        { no: '9007199254740993', status: 'paid', total: '9.90' },
        { no: '10002', status: 'paid', total: '0.10' },
      ];
      let answer: object = { code: 0, orders };
      if (sign !== ours) answer = { code: 401, message: 'bad sign' };
      else if (request.method === 'POST') {
        const { no } = JSON.parse(body) as { no: string };
        if (orders.some((order) => order.no === no)) shipped.push(no);
        else answer = { code: 404, message: 'unknown' };
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
}

describe('a vendor added by the page that says how', () => {
  const shipped: string[] = [];
  const server = toyShop(shipped);
  let folder: string;
  let touched: string[];
  let running: RunningConsole | null = null;
  let home: KeyringHome;
  let keyring: KeyringSession;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'toy-'));
    for (const name of ['src', 'package.json', 'tsconfig.json', 'electron.vite.config.ts', 'scripts/licences.mjs']) {
      cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    touched = follow(folder);
    home = createKeyringHome();
    keyring = await openKeyring(home, 'unlocked');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await running?.close();
    await keyring.close();
    home.remove();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes one folder, its id and one line of the registry, and no screen', () => {
    expect(touched).toEqual([
      'src/main/vendors/toy/index.ts',
      'src/contract/vendor.ts',
      'src/main/vendors/registry.ts',
    ]);
  });

  it('compiles, in main and in the window', () => {
    const types = path.join(ROOT, 'node_modules');
    expect(run(folder, [path.join(types, 'typescript/bin/tsc'), '--noEmit', '-p', '.'])).toBe('');
    expect(run(folder, [path.join(types, 'vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'src/renderer'])).toBe('');
  });

  it('is offered, looked up and written to in the window', async () => {
    const builder = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
    expect(run(folder, [builder, 'build', '--logLevel', 'error'])).toBe('');
    running = await launchConsole({ appFolder: folder, keyring, ...speak('en') });
    const { page } = running;
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const account = { label: 'My toys', vendor: 'toy', environment: 'twin', baseUrl, plain: { app: 'a1' } };
    const { id } = await invoke<{ id: string }>(page, 'accounts.add', {
      ...account,
      settings: {},
      secrets: { secret: SECRET },
      consent: true,
    });
    expect(await invoke(page, 'accounts.test', { id })).toMatchObject({ ok: true });
    await page.reload();
    await page.waitForSelector('[data-ready="true"]', { state: 'attached' });

    await goTo(page, 'orders');
    await chooseAccount(page, 'My toys');
    await lookUp(page);
    await readStatus(page, t(ORDERS.statusAll(2)));
    const grid = page.getByRole('grid', { name: t(ORDERS.results) });
    for (const text of ['Order number', 'Total']) await grid.getByRole('columnheader', { name: text }).waitFor();
    await grid.getByText('9007199254740993').waitFor();

    const { jobId } = await invoke<{ jobId: number }>(page, 'updates.import', {
      importId: 'toy',
      accountId: id,
      operation: 'ship',
      params: {},
      source: { kind: 'paste', text: 'order no\n9007199254740993\n404404\n' },
      mapping: { no: 0 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    const ended = page.evaluate(
      () =>
        new Promise((resolve) => {
          (window as unknown as { orderConsole: { on(e: string, hear: (d: unknown) => void): void } }).orderConsole.on(
            'runEnded',
            resolve,
          );
        }),
    );
    await invoke(page, 'jobs.run', { jobId, firstRows: null });
    await ended;
    expect((await invoke<{ counts: object }>(page, 'jobs.get', { jobId })).counts).toMatchObject({
      succeeded: 1,
      failed: 1,
      unknown: 0,
    });
    expect(shipped).toEqual(['9007199254740993']);
  });
});
