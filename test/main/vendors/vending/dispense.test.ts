import { describe, expect, it } from 'vitest';
import type { LookupRow, UpdateRow, Values, Verdict } from '../../../../src/main/vendors/types.ts';
import { retryClassOf } from '../../../../src/contract/outcome.ts';
import { DEVICE_FAULTS, deliveryState, dispenseFailed } from '../../../../src/main/vendors/vending/delivery.ts';
import { whyNotDispensed } from '../../../../src/main/vendors/vending/dispense.ts';
import { ERRORS } from '../../../../src/main/vendors/vending/errors.ts';
import { vending } from '../../../../src/main/vendors/vending/index.ts';
import { context, deliveryQuery, dispense, reply, textOf } from './support.ts';

const SENT_MS = 1_700_000_000_000;
const TRACK = { delivery_id: '5121763043809673' };
const row: UpdateRow = { order: '1234567', values: { machine_no: '12345678', record_id: '78' } };

function bodyOf(body: Uint8Array | null): Record<string, string> {
  const { payload } = JSON.parse(textOf(body)) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64').toString()) as Record<string, string>;
}

describe('the command', () => {
  it("is signed as the document's sample, whose key and machine the other pages show", () => {
    const { signedText, sign, body } = dispense().request(
      [{ order: '60', values: { machine_no: '16327129', record_id: '78' } }],
      {},
      context({ credentials: { appId: 'ds1', appSecret: 's', signKey: 'kva' }, nowMs: 1_714_373_688_999 }),
    );
    expect(sign).toBe('2457E8CE3CB49D31EC2054365FC8AD90');
    expect(signedText).toBe(
      'machine_no=16327129&method=device.delivery.put&order_id=60&record_id=78&timestamp=1714373688&key=•••',
    );
    expect(bodyOf(body)).toEqual({
      machine_no: '16327129',
      method: 'device.delivery.put',
      order_id: '60',
      record_id: '78',
      sign: '2457E8CE3CB49D31EC2054365FC8AD90',
      timestamp: '1714373688',
    });
  });

  it('is sent in these bytes', () => {
    const { method, url, headers, body } = dispense().request([row], {}, context());
    expect([method, url]).toEqual(['POST', 'https://www.awish.vip/api/openapi/v1/deliveries']);
    expect(headers).toEqual({
      Appid: 'ds0123456789abcdef',
      AppSecret: 'app-secret',
      'Content-Type': 'application/json',
    });
    // Computed with another program.
    expect(textOf(body)).toBe(
      '{"payload":"eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJtZXRob2QiOiJkZXZpY2UuZGVsaXZlcnkucHV0Iiwib3JkZXJfaWQiOiIxMjM0NTY3IiwicmVjb3JkX2lkIjoiNzgiLCJzaWduIjoiNjA0RjY3MkVENzg5MzQxRUZBMERGNEVGRDc2NTMzQzYiLCJ0aW1lc3RhbXAiOiIxNzAwMDAwMDAwIn0="}',
    );
    expect(() => dispense().request([row, row], {}, context())).toThrow(RangeError);
  });

  it('is never repeated: no code of the vendor is one that a run waits out', () => {
    expect(dispense().repeatable).toBe('never');
    const waitedOut = ERRORS.filter(({ class: of }) => of === 'limit' || of === 'clock');
    expect(waitedOut).toEqual([]);
    expect(dispense().warnings.map(({ en }) => en)[0]).toContain('cannot be taken back');
  });
});

describe('checking a row', () => {
  const check = (values: Values) =>
    dispense().checkRow({ order_id: '54', machine_no: '12345678', record_id: '70', ...values }, {}, {});

  it('takes digits, each kept', () => {
    expect(check({ record_id: ' 9223372036854775807 ' })).toEqual({
      ok: true,
      value: { order: '54', values: { machine_no: '12345678', record_id: '9223372036854775807' } },
      warnings: [],
    });
  });

  it.each([
    [{ record_id: '' }, 'field.required', 'record_id'],
    [{ record_id: '1.2E+5' }, 'field.pattern', 'record_id'],
    [{ record_id: '070' }, 'field.pattern', 'record_id'],
    [{ order_id: '' }, 'field.required', 'order_id'],
    [{ machine_no: '1.63E+07' }, 'vending.machine_no_damaged', 'machine_no'],
  ])('refuses %j', (values, code, field) => {
    const checked = check(values);
    expect(checked.ok ? [] : checked.problems.map((one) => [one.code, one.field])).toEqual([[code, field]]);
  });

  it('warns of an odd machine number', () => {
    const checked = check({ machine_no: '1632712' });
    expect(checked.ok ? checked.warnings.map(({ code }) => code) : []).toEqual(['vending.machine_no']);
  });
});

describe('the answer of a command', () => {
  const read = (body: unknown, status = 200) => dispense().read(reply(body as object, { status }), [row], {}, {});
  const ok = (data: unknown) => read({ code: 0, message: 'ok', data });
  const one = (reading: ReturnType<typeof read>) => (reading.kind === 'answered' ? reading.rows[0] : undefined);

  it("leaves an accepted one in doubt and keeps its number (the document's sample)", () => {
    const reading = one(
      ok({ delivery_id: '5121763043809673', delivered_at: '2024-05-04 16:16:49', status: '未取货或正在出货' }),
    );
    expect(reading).toMatchObject({ outcome: 'unknown', track: TRACK });
    expect(one(ok({ delivery_id: 5121763043809673, status: '新词' }))).toMatchObject({
      outcome: 'unknown',
      track: TRACK,
    });
    expect(one(ok(''))).toMatchObject({ outcome: 'unknown' });
    expect(one(ok({}))).not.toHaveProperty('track');
  });

  it('takes an end that it tells at once', () => {
    expect(one(ok({ ...TRACK, status: '出货完成' }))).toMatchObject({ outcome: 'succeeded', track: TRACK });
    expect(one(ok({ ...TRACK, status: '出货失败', fail_reason: 'Over Current' }))).toMatchObject({
      outcome: 'failed',
      failure: { code: 'console.dispense_failed', message: 'Over Current' },
    });
  });

  it("knows an unpaid order by the sample's words beside code 0", () => {
    expect(one(read({ code: 0, message: '订单未支付', data: {} }))).toMatchObject({
      outcome: 'failed',
      failure: { code: '0', class: 'state', message: '订单未支付', reading: { en: 'The order is not paid' } },
    });
    expect(one(read({ code: 6054, message: 'sorry, this order unpaid' }))).toMatchObject({
      outcome: 'failed',
      failure: { code: '6054', class: 'state' },
    });
  });

  it('lets a query decide when the order has been delivered already', () => {
    expect(one(read({ code: 6034, message: 'sorry, this order is already delivered' }))).toMatchObject({
      outcome: 'unknown',
      failure: { code: '6034' },
    });
  });

  it.each([
    [{ code: 30002, message: '设备已离线' }, 200, 'failed'],
    [{ code: 6015, message: 'sorry, action run timeout' }, 200, 'unknown'],
    [{ code: 599, message: 'x' }, 500, 'unknown'],
  ])('reads %j', (body, status, outcome) => {
    expect(one(read(body, status))?.outcome).toBe(outcome);
  });

  it.each([
    ['<html></html>', 502, 'unreadable'],
    [JSON.stringify({ code: 4006, message: 'sorry, payload sign invalid' }), 200, 'rejected'],
    [JSON.stringify({ code: 1, message: 'x' }), 401, 'rejected'],
  ])('reads %s at HTTP %i as %s', (body, status, kind) => {
    expect(dispense().read(reply(body, { status }), [row], {}, {}).kind).toBe(kind);
  });
});

describe('following a dispense', () => {
  const judge = (found: LookupRow | null, sinceMs: number, track: Values | null = TRACK): Verdict => {
    const { verify } = dispense();
    if (verify === undefined) throw new Error('no verification');
    const nowMs = SENT_MS + sinceMs;
    return verify.judge({
      row,
      params: {},
      found,
      oldValues: null,
      nowMs,
      sameReadingsAtMs: [],
      sentAtMs: SENT_MS,
      sinceEndMs: sinceMs,
      track,
    });
  };
  const delivery = (status: string, fail_reason = ''): LookupRow => ({
    values: { ...TRACK, status, fail_reason },
  });
  const record = (status: string): LookupRow => ({
    values: { order_id: '1234567', status: 'SUCCESS' },
    lists: {
      records: [
        { record_id: '77', status: 'IS_SUCCESS' },
        { record_id: '78', status },
      ],
    },
  });
  const kind = (verdict: Verdict): string => {
    if (verdict.outcome === 'failed') return verdict.failure.code;
    return verdict.outcome === 'unknown' && verdict.again !== undefined ? 'again' : verdict.outcome;
  };

  it('asks for the dispense by its number, for the order without one', () => {
    const { verify } = dispense();
    const machine = { machine_no: '12345678' };
    expect(verify?.lookup(row, TRACK)).toEqual({ operation: 'delivery-query', params: { ...TRACK, ...machine } });
    expect(verify?.lookup(row, null)).toEqual({
      operation: 'order-query',
      params: { order_id: '1234567', ...machine },
    });
    expect(verify?.matches(row, delivery('出货完成'), TRACK)).toBe(true);
    expect(verify?.matches(row, { values: { delivery_id: '1' } }, TRACK)).toBe(false);
    expect(verify?.matches(row, record('IS_SUCCESS'), null)).toBe(true);
  });

  it.each([
    ['出货完成', '', 'succeeded'],
    ['已取货', '', 'succeeded'],
    ['IS_SUCCESS', '', 'succeeded'],
    ['出货失败', '', 'console.dispense_failed'],
    ['未取货或正在出货', 'Goods are Stuck', 'console.dispense_failed'],
    ['出货超时', '', 'console.dispense_timeout'],
    ['订单取消', '', 'console.dispense_returned'],
    ['未取货或正在出货', '', 'again'],
    ['新词', '', 'again'],
  ])('reads %s %s as %s', (status, reason, expected) => {
    expect(kind(judge(delivery(status, reason), 5_000))).toBe(expected);
  });

  it('gives up what has no word of the machine 120 s after the command, never before', () => {
    expect(kind(judge(delivery('未取货或正在出货'), 120_000))).toBe('again');
    expect(kind(judge(delivery('未取货或正在出货'), 130_000))).toBe('console.dispense_no_answer');
    expect(kind(judge(delivery('新词'), 130_000))).toBe('unknown');
    expect(kind(judge(null, 5_000))).toBe('again');
    expect(kind(judge(null, 130_000))).toBe('unknown');
  });

  it('reads again the later the longer it takes, at most 20 s apart', () => {
    const again = (sinceMs: number): number => {
      const verdict = judge(delivery('未取货或正在出货'), sinceMs);
      return verdict.outcome === 'unknown' ? (verdict.again?.afterMs ?? 0) : 0;
    };
    expect([0, 5_000, 30_000, 100_000].map(again)).toEqual([2_000, 2_500, 15_000, 20_000]);
  });

  it.each([
    ['IS_SUCCESS', 'succeeded'],
    ['IS_PICKED_UP', 'succeeded'],
    ['IS_FAILED', 'console.dispense_failed'],
    ['IS_TIMEOUT', 'console.dispense_timeout'],
    ['IS_REFUND', 'console.dispense_returned'],
    ['IS_DELIVERING', 'again'],
    ['WAITING_PICKED_UP', 'again'],
    ['NEW', 'unknown'],
  ])('without a number the record decides: %s', (status, expected) => {
    expect(kind(judge(record(status), 5_000, null))).toBe(expected);
  });

  it('a record that still waits is no proof: it stays in doubt and is offered to nobody for sending again', () => {
    for (const sinceMs of [130_000, 3_600_000])
      expect(kind(judge(record('WAITING_PICKED_UP'), sinceMs, null))).toBe('unknown');
    expect(kind(judge({ values: {}, lists: {} }, 5_000, null))).toBe('unknown');
  });

  it('offers no retry of what a machine tried', () => {
    const failures = [delivery('出货失败'), delivery('出货超时'), delivery('订单取消')].map((found) =>
      judge(found, 5_000),
    );
    for (const verdict of [...failures, judge(delivery('未取货'), 200_000)]) {
      if (verdict.outcome !== 'failed') throw new Error(verdict.outcome);
      expect(retryClassOf(verdict.failure.class)).toBe('never');
    }
  });
});

describe('before a dispense', () => {
  const found = (status: string, record: string | null): LookupRow => ({
    values: { order_id: '1234567', status },
    lists: { records: record === null ? [] : [{ record_id: '78', status: record }] },
  });

  it.each([
    ['SUCCESS', 'WAITING_PICKED_UP', null],
    ['PICKUPCODE', '未取货', null],
    ['SUCCESS', '', null],
    ['NOTPAY', '', 'only paid'],
    ['REFUND', 'IS_REFUND', 'only paid'],
    ['SUCCESS', null, 'no record 78'],
    ['SUCCESS', 'IS_SUCCESS', 'no longer waits'],
    ['SUCCESS', 'IS_DELIVERING', 'no longer waits'],
  ])('order %s, record %s', (status, record, why) => {
    const said = whyNotDispensed(row, found(status, record));
    if (why === null) expect(said).toBeNull();
    else expect(said?.en).toContain(why);
  });

  it('takes the machine for the seconds of the account, and the order until its end', () => {
    const keys = (settings: Values) => dispense().exclusive?.(row, settings);
    expect(keys({})).toEqual([
      { key: 'machine 12345678', ms: 45_000 },
      { key: 'order 1234567', ms: 300_000 },
    ]);
    expect(keys({ lockSeconds: '90' })?.[0]).toEqual({ key: 'machine 12345678', ms: 90_000 });
    expect(keys({ lockSeconds: '0' })?.[0]).toEqual({ key: 'machine 12345678', ms: 45_000 });
    expect(vending.settings.find(({ id }) => id === 'lockSeconds')?.initial).toBe('45');
  });
});

describe('the query of a dispense', () => {
  it("reads the document's sample and trusts no answer without a status", () => {
    const read = (data: unknown) =>
      deliveryQuery().read(reply({ code: 0, message: 'ok', data }), { ...TRACK, machine_no: '1' }, null, {});
    expect(read({ delivered_at: '2024-05-04 16:18:06', status: '出货完成' })).toEqual({
      kind: 'page',
      rows: [
        {
          values: { ...TRACK, status: '出货完成', delivered_at: '2024-05-04 16:18:06', pickup_at: '', fail_reason: '' },
        },
      ],
      next: null,
    });
    expect(read({}).kind).toBe('unreadable');
    expect(read('').kind).toBe('unreadable');
    expect(read({ delivery_id: '1', status: '出货完成' }).kind).toBe('unreadable');
    const missing = deliveryQuery().read(reply({ code: 404, message: 'Not Found', data: {} }), TRACK, null, {});
    expect(missing).toMatchObject({ kind: 'failed', failure: { class: 'not_found' } });
  });

  it('goes to the dispense, its machine alone in the payload', () => {
    const request = deliveryQuery().request({ ...TRACK, machine_no: '12345678' }, null, context());
    expect(request.url).toBe('https://www.awish.vip/api/openapi/v1/deliveries/5121763043809673');
    // C5 of vending.md 2.4: the same fields and key.
    expect(request.sign).toBe('7018F14682FE70FF0E3959F86BFA0201');
    expect(deliveryQuery().check({ delivery_id: 'a b', machine_no: '1' }, {}).ok).toBe(false);
  });
});

describe('words of machines', () => {
  it.each(Object.keys(DEVICE_FAULTS))('%s has a reading and a remedy in both languages', (words) => {
    const { reading, remedy, message } = dispenseFailed(words);
    expect(message).toBe(words);
    for (const { zh, en } of [reading, remedy]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z]/);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
  });

  it('are all that the callback page lists; others are shown as they came', () => {
    expect(Object.keys(DEVICE_FAULTS)).toHaveLength(15);
    expect(dispenseFailed('Slave Comm Error').reading.en).toContain('slave device');
    expect(dispenseFailed('New Fault').reading.en).toBe('The machine reports: New Fault');
    expect(dispenseFailed('').reading.en).toContain('without a reason');
    expect(deliveryState('constructor')).toBe('strange');
  });
});
