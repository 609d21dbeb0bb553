import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeTwins, startTwins } from '../../../src/main/twins/index.ts';
import type { Twins } from '../../../src/main/twins/index.ts';
import { operation, vendor } from '../../../src/main/vendors/registry.ts';
import type { Reply, SignedRequest, SigningContext, UpdateRow, Values } from '../../../src/main/vendors/types.ts';

/** The definitions against the vendors' twins, which share no code with them: signs, encodings and envelopes must fit over real HTTP. */
let twins: Twins;

beforeAll(async () => {
  twins = await startTwins({ seed: 7, orders: 500 }, { polyv: { vendorOptions: { data: 'lists' } } });
});
afterAll(() => closeTwins(twins));

function context(id: 'polyv' | 'pdd', settings: Values = {}, nowMs = Date.now()): SigningContext {
  const initials = vendor(id).settings.map((field) => [field.id, field.initial ?? ''] as const);
  const { url: baseUrl, credentials } = twins[id];
  return { credentials, settings: { ...Object.fromEntries(initials), ...settings }, baseUrl, nowMs };
}

async function send(request: SignedRequest): Promise<Reply> {
  const { method, headers, body } = request;
  const reply = await fetch(request.url, { method, headers, body: body === null ? null : Buffer.from(body) });
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.bytes() };
}

async function look(
  id: 'polyv' | 'pdd',
  name: string,
  params: Values,
  settings: Values = {},
  cursor: string | null = null,
) {
  const lookup = operation(id, name, 'lookup');
  const checked = lookup.check(params, settings);
  if (!checked.ok) throw new Error(checked.problems.map((problem) => problem.code).join());
  const reply = await send(lookup.request(checked.value, cursor, context(id, settings)));
  return lookup.read(reply, checked.value, cursor, settings);
}

async function write(id: 'polyv' | 'pdd', rows: readonly UpdateRow[], settings: Values = {}, nowMs?: number) {
  const update = operation(id, id === 'polyv' ? 'update-status' : 'note-update', 'update');
  const params = id === 'polyv' ? { status: 'delivering' } : {};
  return update.read(await send(update.request(rows, params, context(id, settings, nowMs))), rows, params, settings);
}

describe('Polyv', () => {
  const update = operation('polyv', 'update-status', 'update');
  const order = (index: number): UpdateRow => ({ order: twins.polyv.orderNumber(index), values: {} });

  it.each(['MD5', 'SHA256'])('is understood with %s, written and read back', async (signatureMethod) => {
    const settings = { signatureMethod };
    const page = await look('polyv', 'order-list', { status: 'wait_delivery', pageSize: '3' }, settings);
    if (page.kind !== 'page') throw new Error(page.kind);
    expect(page.rows).toHaveLength(3);
    expect(page.next).toBe('2');
    const rows = page.rows.map((row) => ({ order: row.values['orderNo'] ?? '', values: {} }));
    expect(await write('polyv', rows, settings)).toMatchObject({
      kind: 'answered',
      rows: [{ outcome: 'succeeded' }, { outcome: 'succeeded' }, { outcome: 'succeeded' }],
    });
    for (const row of rows) {
      const found = await look('polyv', 'order-get', { orderNo: row.order }, settings);
      expect(found).toMatchObject({ kind: 'page', rows: [{ values: { orderNo: row.order, status: 'delivering' } }] });
    }
    const sweep = update.verify?.sweep?.(rows, { nowMs: Date.now(), sentAtMs: Date.now() - 5000 }) ?? [];
    const swept = await look('polyv', sweep[0]?.operation ?? '', sweep[0]?.params ?? {}, settings);
    const shown = swept.kind === 'page' ? swept.rows.map((row) => row.values['orderNo']) : [];
    for (const row of rows) expect(shown).toContain(row.order);
  });

  it('pages through every order once, to the last', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await look('polyv', 'order-list', { pageSize: '200' }, {}, cursor);
      if (page.kind !== 'page') throw new Error(page.kind);
      for (const row of page.rows) seen.push(row.values['orderNo'] ?? '');
      cursor = page.next;
    } while (cursor !== null);
    // The documents' two sample orders follow the generated ones.
    expect(seen).toHaveLength(twins.polyv.orderCount + 2);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('reads its refusals', async () => {
    const { credentials } = context('polyv');
    const rows = [order(0)];
    const bad = update.request(rows, {}, { ...context('polyv'), credentials: { ...credentials, appSecret: 'x' } });
    expect(update.read(await send(bad), rows, {}, {})).toMatchObject({ kind: 'rejected', failure: { class: 'sign' } });
    expect(await write('polyv', rows, {}, Date.now() - 181_000)).toMatchObject({
      kind: 'rejected',
      failure: { class: 'clock' },
    });
    const missing = { order: 'product20240521181722000000', values: {} };
    expect(await look('polyv', 'order-get', { orderNo: missing.order })).toMatchObject({
      kind: 'failed',
      failure: { class: 'not_found' },
    });
  });
});

describe('Pinduoduo', () => {
  const row = (index: number, values: Values): UpdateRow => ({ order: twins.pdd.orderNumber(index), values });

  it('is understood, written and read back, marks and odd characters included', async () => {
    const update = operation('pdd', 'note-update', 'update');
    for (const values of [{ note: 'a b&c=d+e%\n*-._~🎁 中' }, { note: ' 空格 ', tag: '2', tag_name: '𬭎紫' }]) {
      const written = row(3, values);
      const before = await look('pdd', 'order-detail', { order_sn: written.order });
      const found = before.kind === 'page' ? before.rows[0] : undefined;
      if (found === undefined) throw new Error(before.kind);
      const facts = { row: written, params: {}, found, expected: null, nowMs: Date.now() };
      expect(update.readBefore?.judge(facts).kind).toBe('write');
      expect(await write('pdd', [written])).toMatchObject({ kind: 'answered', rows: [{ outcome: 'succeeded' }] });
      const after = await look('pdd', 'order-detail', { order_sn: written.order });
      expect(after).toMatchObject({ kind: 'page', rows: [{ values: { order_sn: written.order, ...values } }] });
    }
  });

  it('reads its refusals', async () => {
    const late = await write('pdd', [row(1, { note: 'x' })], {}, Date.now() - 302_000);
    expect(late).toMatchObject({ kind: 'rejected', failure: { class: 'clock' } });
    const upper = await write('pdd', [row(1, { note: 'x' })], { hexCase: 'upper' });
    expect(upper).toMatchObject({ kind: 'rejected', failure: { class: 'sign' } });
    const missing = { order: '210324-000000000000000', values: { note: 'x' } };
    expect(await write('pdd', [missing])).toMatchObject({
      kind: 'answered',
      rows: [{ outcome: 'failed', failure: { class: 'not_found' } }],
    });
    expect(await look('pdd', 'order-detail', { order_sn: missing.order })).toMatchObject({
      kind: 'failed',
      failure: { class: 'not_found' },
    });
  });
});

it.each(['polyv', 'pdd'] as const)('the account test of %s passes', async (id) => {
  const ping = vendor(id).operations.find((one) => one.kind === 'ping');
  if (ping === undefined) throw new Error('no ping');
  expect(ping.read(await send(ping.request(context(id))))).toMatchObject({ kind: 'ok' });
});
