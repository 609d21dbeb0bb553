import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin, type PddOrder, type PolyvOrder, type Twin } from '../../../src/main/twins/index.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { credentialsOf } from '../../support/twin-accounts.ts';
import { TestConsole } from '../routes/support.ts';

const RELAY = join(import.meta.dirname, '../../../examples/relay/relay.mjs');
const TOKEN = 'Pl4nted-relay-token-0123456789abcdef';
const SECRETS = { polyv: 'Pl4nted-polyv-secret-0123456789a', pdd: 'Pl4nted-pdd-secret-0123456789abc' };

let dir: string;
let relay: ChildProcess;
let relayUrl = '';
/** What the relay printed. */
let printed = '';
let polyv: Twin<PolyvOrder>;
let pdd: Twin<PddOrder>;
let test: TestConsole;
const items = createMemoryKeychain();
const keychain: Keychain = { ...items, kind: 'system' };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'relay-'));
  const secrets = join(dir, 'secrets.json');
  writeFileSync(secrets, JSON.stringify(SECRETS), { mode: 0o600 });
  const env = { RELAY_TOKEN: TOKEN, RELAY_SECRETS: secrets, RELAY_EXTRA_HOSTS: '127.0.0.1', PORT: '0' };
  relay = spawn(process.execPath, [RELAY], { env: { PATH: process.env['PATH'], ...env } });
  relay.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  relayUrl = await new Promise<string>((resolve, reject) => {
    relay.once('exit', () => reject(new Error(printed)));
    relay.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /listening on 127\.0\.0\.1:(\d+)/u.exec(printed)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
  });
  polyv = await startTwin('polyv', { orders: 20, credentials: { appSecret: SECRETS.polyv } });
  pdd = await startTwin('pdd', { orders: 20, credentials: { appSecret: SECRETS.pdd } });
  test = await TestConsole.start(join(dir, 'data'), { workspace: 'real', keychain: () => keychain });
});
afterAll(async () => {
  await test.console.close();
  await Promise.all([polyv.close(), pdd.close()]);
  relay.kill();
  await once(relay, 'exit');
  rmSync(dir, { recursive: true });
});

async function add(twin: Twin, label: string, more: { url?: string; token?: string } = {}): Promise<string> {
  const { plain } = credentialsOf(twin.vendor, twin.credentials);
  const added = await test.call('accounts.add', {
    label,
    vendor: twin.vendor,
    environment: 'twin',
    baseUrl: twin.url,
    plain,
    settings: {},
    secrets: { relayToken: more.token ?? TOKEN },
    relay: { url: more.url ?? relayUrl },
    pacing: { perSecond: 1_000, concurrency: 2 },
    consent: false,
  });
  return added.id;
}

describe('an account whose requests its own relay signs', () => {
  it('keeps the relay’s token as its only secret, and asks no consent to keep another', async () => {
    const id = await add(polyv, 'Video');
    expect(JSON.parse((await items.get(id)) ?? '')).toEqual({ v: 1, s: { relayToken: TOKEN } });
    const { secrets: _none, ...plain } = credentialsOf('polyv', polyv.credentials);
    const live = await test.call('accounts.add', {
      label: 'Live',
      vendor: 'polyv',
      environment: 'live',
      plain: plain.plain,
      settings: {},
      secrets: { relayToken: TOKEN },
      relay: { url: 'https://relay.example.com' },
      consent: false,
    });
    expect(live).toMatchObject({ relay: { url: 'https://relay.example.com' } });
    expect(live.consentAt).toBeUndefined();
  });

  it.each(['polyv', 'pdd'] as const)('is signed for %s as the vendor wants it: the test passes', async (vendor) => {
    const id = await add(vendor === 'polyv' ? polyv : pdd, `${vendor} relayed`);
    expect(await test.call('accounts.test', { id })).toMatchObject({ ok: true });
  });

  it('changes orders as any account does', async () => {
    const id = await add(pdd, 'Notes');
    const rows = Array.from({ length: 4 }, (_, at) => `${pdd.orderNumber(at)},by relay ${at}`);
    const { jobId } = await test.call('updates.import', {
      importId: 'relay',
      accountId: id,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text: ['订单号,商家备注', ...rows].join('\n') },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    await test.call('jobs.run', { jobId, firstRows: null });
    expect(await test.heard('runEnded', (end) => end.jobId === jobId)).toMatchObject({ state: 'finished' });
    expect(pdd.order(2).note).toBe('by relay 2');
  });

  it('shows at the sign desk what would be signed, and asks nobody for it', async () => {
    const id = (await test.call('accounts.list')).find(({ label }) => label === 'Video')?.id ?? '';
    const asked = printed.length;
    const view = await test.call('sign.make', {
      accountId: id,
      operation: 'ping',
      params: {},
      row: {},
      time: '',
      pasted: '',
    });
    expect(view.request?.sign).toBe('signed-by-the-relay');
    expect(view.request?.signedText).toMatch(/^•••appId.*•••$/);
    expect(view.request?.url).toContain('sign=signed-by-the-relay');
    expect(printed.length).toBe(asked);
  });

  it('pauses its job, and sends nothing, when the relay refuses, is gone or answers nonsense', async () => {
    const nonsense: Server = createServer((_, response) => response.end('{"sign":"short"}'));
    await new Promise<void>((resolve) => nonsense.listen(0, '127.0.0.1', resolve));
    const { port } = nonsense.address() as { port: number };
    const cases = [
      ['wrong token', { token: 'x'.repeat(40) }],
      ['gone', { url: 'http://127.0.0.1:9' }],
      ['nonsense', { url: `http://127.0.0.1:${String(port)}` }],
    ] as const;
    const before = pdd.ledger.totals.actions;
    for (const [label, more] of cases) {
      const id = await add(pdd, label, more);
      expect(await test.refusal('accounts.test', { id }), label).toMatchObject({
        code: 'RELAY_FAILED',
        data: { account: id },
      });
    }
    const id = (await test.call('accounts.list')).find(({ label }) => label === 'gone')?.id ?? '';
    const { jobId } = await test.call('updates.import', {
      importId: 'gone',
      accountId: id,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text: `订单号,商家备注\n${pdd.orderNumber(5)},never` },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    await test.call('jobs.run', { jobId, firstRows: null });
    expect(await test.heard('runEnded', (end) => end.jobId === jobId)).toMatchObject({
      state: 'paused',
      reason: 'sign',
    });
    expect(pdd.ledger.totals.actions).toBe(before);
    nonsense.close();
  });

  it('is refused for a vendor that no relay can sign for, and at an address in the clear', async () => {
    const base = { label: 'No', settings: {}, secrets: { relayToken: TOKEN }, consent: true } as const;
    expect(
      await test.refusal('accounts.add', {
        ...base,
        vendor: 'vending',
        environment: 'live',
        plain: { appId: '100123' },
        relay: { url: 'https://relay.example.com' },
      }),
    ).toMatchObject({ code: 'ACCOUNT_INVALID', data: { field: 'relay' } });
    expect(
      await test.refusal('accounts.add', {
        ...base,
        vendor: 'pdd',
        environment: 'live',
        plain: { appId: 'a', sellerNick: 'b' },
        relay: { url: 'http://relay.example.com' },
      }),
    ).toMatchObject({ code: 'ACCOUNT_INVALID', data: { field: 'relay' } });
  });

  it('never had the vendor’s secret, and let the token out nowhere', () => {
    const outputs: Record<string, Buffer> = {
      crossed: Buffer.from(JSON.stringify([test.answers, test.told, test.logged])),
      relay: Buffer.from(printed),
    };
    for (const path of filesOf(join(dir, 'data'))) outputs[path] = readFileSync(path);
    expect(printed).toContain('POST /v1/sign 200');
    expect(findPlanted(outputs, { ...SECRETS, TOKEN })).toEqual([]);
  });
});

describe('the reference relay', () => {
  const ask = async (body: unknown, token = TOKEN, path = '/v1/sign'): Promise<number> => {
    const response = await fetch(`${relayUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return response.status;
  };
  const GOOD = {
    v: 1,
    vendor: 'polyv',
    method: 'GET',
    url: 'https://api.polyv.net/live/v4/user/product/order/list?sign={sign}',
    signedText: '•••appIdx•••',
    digest: 'MD5',
    hexCase: 'upper',
  };

  it('signs what it lists for whom it knows, and nothing else', async () => {
    expect(await ask(GOOD)).toBe(200);
    expect(await ask(GOOD, 'another token')).toBe(401);
    expect(await ask(GOOD, TOKEN, '/v1/other')).toBe(404);
    expect(await ask({ ...GOOD, vendor: 'suning' })).toBe(403);
    expect(await ask({ ...GOOD, vendor: '__proto__' })).toBe(403);
    expect(await ask({ ...GOOD, url: 'https://evil.example/live/v4/user/product/' })).toBe(403);
    expect(await ask({ ...GOOD, url: 'https://api.polyv.net/live/v3/delete' })).toBe(403);
    expect(await ask({ ...GOOD, signedText: 'no secret in it' })).toBe(400);
    expect(await ask({ ...GOOD, signedText: '•••a•••b•••' })).toBe(400);
    expect(await ask({ ...GOOD, digest: 'constructor' })).toBe(400);
    expect(await ask('no json')).toBe(400);
  });
});
