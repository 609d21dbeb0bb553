import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewAccountInput } from '../../../src/contract/account.ts';
import type { SignWish } from '../../../src/contract/sign.ts';
import type { VendorId } from '../../../src/contract/vendor.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { vendor } from '../../../src/main/vendors/registry.ts';
import { findPlanted } from '../../support/planted.ts';
import { folderOf, TestConsole } from './support.ts';

const SECRETS = {
  polyv: { appSecret: 'Pl4ntedPolyvSecret0123456789abcd' },
  pdd: { appSecret: 'Pl4ntedPddSecret0123456789abcdef' },
  suning: { appSecret: 'Pl4ntedSuningSecret0123456789abc', accessToken: 'Pl4ntedSuningToken0123456789abcd' },
  vending: { appSecret: 'Pl4ntedVendingSecret0123456789ab', signKey: 'Pl4ntedVendingKey0123456789abcde' },
} as const;
const PLAIN: Readonly<Record<VendorId, Readonly<Record<string, string>>>> = {
  polyv: { appId: 'g4rqgmmjuo' },
  pdd: { appId: 'appid9', sellerNick: '店' },
  suning: { appKey: 'key9' },
  vending: { appId: '100123' },
};

/** The system's keychain as far as the vault knows it; accounts on it may be real. */
function keychain(): Keychain {
  return { ...createMemoryKeychain(), kind: 'system' };
}

const folder = folderOf();
let test: TestConsole;
const ids: Partial<Record<VendorId, string>> = {};

beforeAll(async () => {
  test = await TestConsole.start(folder.path, { workspace: 'real', keychain });
  for (const id of ['polyv', 'pdd', 'suning', 'vending'] as const) {
    // Real addresses: nothing here may need the network.
    const account: NewAccountInput = {
      label: id,
      vendor: id,
      environment: 'live',
      plain: PLAIN[id],
      settings: {},
      secrets: SECRETS[id],
      consent: true,
    };
    ids[id] = (await test.call('accounts.add', account)).id;
  }
});
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

const wish = (id: VendorId, operation: string, more: Partial<SignWish> = {}): SignWish => ({
  accountId: ids[id] ?? '',
  operation,
  params: {},
  row: {},
  time: '',
  pasted: '',
  ...more,
});
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const ORDER = '240522-100000000000001';
const NOTE = { row: { order_sn: ORDER, note: '你好' } };

/** What the documents say that Pinduoduo signs for a note, made here by itself. */
const pddText = (seconds: number): string => `appidappid9note你好order_sn${ORDER}seller_nick店timestamp${seconds}`;

describe('the sign desk', () => {
  it('shows the text, the sign and the request, made with an expired time and without a network', async () => {
    const view = await test.call('sign.make', wish('pdd', 'note-update', NOTE));
    expect(view.problems).toEqual([]);
    expect(view.time).toEqual({ kind: 'expired', atMs: 1_000_000_000_000, fresh: false });
    expect(view.request?.signedText).toBe(`•••${pddText(1_000_000_000)}•••`);
    const { appSecret } = SECRETS.pdd;
    expect(view.request?.sign).toBe(md5(appSecret + pddText(1_000_000_000) + appSecret));
    expect(view.request?.body).toContain(`sign=${view.request?.sign}`);
    expect(view.comparison).toBeNull();
  });

  it('signs every operation of every vendor', async () => {
    const row = {
      order_sn: ORDER,
      orderNo: '1234567890',
      order_id: '123456',
      status: '1',
      machine_no: '12345678',
      record_id: '987',
      note: 'x',
    };
    const params = {
      order_sn: ORDER,
      orderNo: '1234567890',
      order_id: '123456',
      machine_no: '12345678',
      delivery_id: '42',
      orderSource: '201',
    };
    const [from, to] = ['2024-05-01 00:00:00', '2024-05-01 01:00:00'];
    const span = { startTime: from, endTime: to, start_confirm_at: from, end_confirm_at: to };
    for (const [id, accountId] of Object.entries(ids) as [VendorId, string][]) {
      for (const { id: operation } of vendor(id).operations) {
        const known = { ...params, ...span, status: operation === 'update-status' ? 'delivering' : '' };
        const view = await test.call('sign.make', { ...wish(id, operation, { params: known, row }), accountId });
        if (view.request === null) throw new Error(`${id} ${operation}: ${JSON.stringify(view.problems)}`);
        // The vending machine's ping is the one call that no vendor wants signed.
        const signs = !(id === 'vending' && operation === 'ping');
        expect(view.request.sign, `${id} ${operation}`).toMatch(signs ? /^[0-9A-Fa-f]{32}$/ : /^$/);
        expect(view.time?.kind, `${id} ${operation}`).toBe(signs ? 'expired' : 'unsigned');
      }
    }
  });

  it('takes the time of the vendor’s own tool, in each way of writing it', async () => {
    const atMs = Date.parse('2024-05-01T00:00:00+08:00');
    for (const time of ['2024-05-01 00:00:00', String(atMs), String(atMs / 1000)]) {
      const view = await test.call('sign.make', wish('pdd', 'note-update', { ...NOTE, time }));
      expect(view.time).toEqual({ kind: 'typed', atMs, fresh: false });
      expect(view.request?.signedText).toContain(`timestamp${atMs / 1000}`);
    }
    const now = await test.call('sign.make', wish('pdd', 'note-update', { ...NOTE, time: String(Date.now()) }));
    expect(now.time).toMatchObject({ kind: 'typed', fresh: true });
  });

  it('compares a pasted sign, and finds the setting that explains another', async () => {
    const time = '1714492800';
    const { appSecret } = SECRETS.pdd;
    const theirs = md5(appSecret + pddText(1_714_492_800) + appSecret);
    const compare = async (pasted: string, at = time) =>
      (await test.call('sign.make', wish('pdd', 'note-update', { ...NOTE, time: at, pasted }))).comparison;
    expect(await compare(theirs)).toMatchObject({ what: 'sign', same: true });
    expect(await compare(theirs.toUpperCase())).toMatchObject({ same: false, settings: { hexCase: 'upper' } });
    expect(await compare(theirs, '')).toMatchObject({ same: false, settings: null });
    expect((await compare(theirs, ''))?.hint?.en).toContain('expired');
    // The whole text, secret and all, as a tool prints it.
    const text = `${appSecret}${pddText(1_714_492_800)}${appSecret}`;
    expect(await compare(text)).toMatchObject({ what: 'text', same: true });
    expect(await compare(text.replace('你好', '你'))).toMatchObject({ same: false, theirs: { code: 'U+006F' } });
  });

  it('names what is wrong, by its field, and signs nothing then', async () => {
    const view = await test.call('sign.make', wish('pdd', 'note-update', { row: { note: 'x' }, time: 'yesterday' }));
    expect(view.request).toBeNull();
    expect(view.problems.map(({ field }) => field)).toEqual(['order_sn', 'time']);
    expect((await test.refusal('sign.make', wish('pdd', 'no-such'))).code).toBe('USAGE');
    expect((await test.refusal('sign.make', { ...wish('pdd', 'note-update'), accountId: 'gone' })).code).toBe(
      'ACCOUNT_NOT_FOUND',
    );
  });

  it('has let no secret out, in the clear or otherwise', () => {
    const answers = {
      answers: Buffer.from(JSON.stringify(test.answers)),
      log: Buffer.from(JSON.stringify(test.logged)),
    };
    const planted = Object.fromEntries(
      Object.entries(SECRETS).flatMap(([id, of]) =>
        Object.entries(of).map(([field, secret]) => [`${id} ${field}`, secret] as const),
      ),
    );
    expect(test.answers.length).toBeGreaterThan(20);
    expect(findPlanted(answers, planted)).toEqual([]);
    // The search finds what is there.
    expect(findPlanted(answers, { order: ORDER })).not.toEqual([]);
  });
});
