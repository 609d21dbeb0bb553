import { describe, expect, it } from 'vitest';
import type { LookupReading, Reply, RowReading, UpdateReading } from '../../../../src/main/vendors/types.ts';
import { orderQuery, orderUpdate, ping, reply, row } from './support.ts';

const OK = { code: 0, message: 'ok', data: '' };

function update(answer: Reply, status = '1'): UpdateReading {
  return orderUpdate().read(answer, [row(status)], {}, {});
}
function oneOf(reading: UpdateReading): RowReading {
  if (reading.kind !== 'answered' || reading.rows.length !== 1) throw new Error(`read as ${reading.kind}`);
  const [only] = reading.rows;
  if (!only) throw new Error('no row');
  return only;
}
function summary(reading: UpdateReading): unknown {
  if (reading.kind !== 'answered') return reading.kind;
  const one = oneOf(reading);
  return one.outcome === 'failed' ? [one.outcome, one.failure.class] : one.outcome;
}
function query(data: unknown): LookupReading {
  return orderQuery().read(reply({ code: 0, message: 'ok', data }), { order_id: '54' }, null, {});
}

describe('reading an update (seed 003, vending.md 2.2)', () => {
  it('takes HTTP 200, code 0 and ok together for success', () => {
    for (const answer of [
      OK,
      { code: '0', message: 'ok' },
      { code: 0, message: ' OK ', data: {} },
      { message: 'ok', data: '' },
    ]) {
      expect(update(reply(answer))).toEqual({ kind: 'answered', rows: [{ outcome: 'succeeded' }] });
    }
  });

  it('takes a success for this order alone', () => {
    expect(summary(update(reply({ ...OK, data: { order_id: 54 } })))).toBe('succeeded');
    expect(summary(update(reply({ ...OK, data: { order_id: '54' } })))).toBe('succeeded');
    expect(oneOf(update(reply({ ...OK, data: { order_id: 55 } })))).toEqual({
      outcome: 'unknown',
      why: { zh: '鼎商答的是另一个订单号', en: 'DingShang answered with another order number' },
    });
  });

  it('has one reading for each row', () => {
    const reading = orderUpdate().read(reply(OK), [row(), row('2')], {}, {});
    expect(reading).toEqual({ kind: 'answered', rows: [{ outcome: 'succeeded' }, { outcome: 'succeeded' }] });
  });

  it('takes code 0 with other words for failed', () => {
    expect(oneOf(update(reply({ code: 0, message: '订单未支付' })))).toEqual({
      outcome: 'failed',
      failure: {
        code: '0',
        message: '订单未支付',
        class: 'vendor',
        reading: {
          zh: '鼎商答了代码 0，但原话不是 ok：订单未支付；按失败处理',
          en: 'DingShang sent code 0, but its words are not "ok": 订单未支付; taken as failed',
        },
        remedy: {
          zh: '先查询订单的状态，再决定怎么办；不要直接重发',
          en: "Query the order's status first and decide then; do not simply send it again",
        },
      },
    });
  });

  it.each([
    ['code 0 without words', { code: 0 }, 200],
    ['code 0 with empty words', { code: 0, message: ' ' }, 200],
    ['words without a code', { message: '订单未支付' }, 200],
    ['ok beside HTTP 201', OK, 201],
    ['ok beside HTTP 500', OK, 500],
    ['ok without a code beside HTTP 404', { message: 'ok' }, 404],
    ['code 0 with words beside HTTP 400', { code: 0, message: 'bad' }, 400],
  ])('leaves open: %s', (_name, answer, status) => {
    expect(oneOf(update(reply(answer, { status })))).toEqual({
      outcome: 'unknown',
      why: {
        zh: `鼎商的答复说不清是成功还是失败（HTTP ${status}）`,
        en: `DingShang's reply says neither success nor failure (HTTP ${status})`,
      },
    });
  });

  it("reads the seed's failure at any HTTP status", () => {
    for (const status of [200, 400, 409, 500]) {
      const reading = oneOf(update(reply({ code: 40006, message: '订单状态无效', data: {} }, { status })));
      expect(reading).toEqual({
        outcome: 'failed',
        failure: {
          code: '40006',
          message: '订单状态无效',
          class: 'state',
          reading: {
            zh: '订单现在的状态不允许这样更新',
            en: "The order's present state does not allow this update",
          },
          remedy: {
            zh: '先查询订单的状态，再决定怎么办；不要直接重发',
            en: "Query the order's status first and decide then; do not simply send it again",
          },
        },
      });
    }
  });

  it.each([
    ['6043', 'state'],
    ['40005', 'state'],
    ['6042', 'state'],
    ['10001', 'input'],
    ['4003', 'input'],
    ['80002', 'not_found'],
    ['4004', 'not_found'],
    ['404', 'not_found'],
    ['30002', 'system'],
    ['6025', 'system'],
    ['6014', 'vendor'],
    ['77777', 'vendor'],
  ])('code %s is failed as %s', (code, failureClass) => {
    expect(summary(update(reply({ code: Number(code), message: 'x' })))).toEqual(['failed', failureClass]);
    expect(summary(update(reply({ code: ` ${code} `, message: 'x' })))).toEqual(['failed', failureClass]);
  });

  it('asks when the order is said to be paid while "paid" was sent, and fails otherwise', () => {
    const answer = reply({ code: 6049, message: 'sorry, this order is paid' });
    const open = oneOf(update(answer, '1'));
    expect(open.outcome === 'unknown' ? [open.why.en, open.failure?.code] : open.outcome).toEqual([
      'DingShang says that the order is paid: an earlier call may have succeeded; a query will tell',
      '6049',
    ]);
    for (const status of ['2', '3', '4', '5', '6'])
      expect(summary(update(answer, status))).toEqual(['failed', 'state']);
    expect(summary(update(reply({ code: 6043, message: 'x' }), '1'))).toEqual(['failed', 'state']);
  });

  it.each([
    ['6015', 200],
    ['6015', 400],
    ['500', 200],
    ['503', 200],
    ['599', 200],
    ['408', 200],
    ['429', 429],
    ['429', 200],
    ['77777', 429],
    ['77777', 500],
    ['77777', 503],
  ])('leaves code %s beside HTTP %i open', (code, status) => {
    const one = oneOf(update(reply({ code: Number(code), message: 'x' }, { status })));
    expect(one.outcome === 'unknown' ? [one.why.en, one.failure?.code] : one.outcome).toEqual([
      `DingShang sent code ${code} (HTTP ${status}): it may have acted or not`,
      code,
    ]);
  });

  it.each([
    ['499', 200],
    ['600', 200],
    ['77777', 400],
    ['40006', 429],
  ])('takes code %s beside HTTP %i for failed', (code, status) => {
    const one = oneOf(update(reply({ code: Number(code), message: 'x' }, { status })));
    expect(one.outcome).toBe('failed');
  });

  it.each([
    ['4006', 'sign'],
    ['1000', 'permission'],
    ['10008', 'permission'],
    ['10009', 'permission'],
    ['10010', 'permission'],
    ['10013', 'permission'],
    ['10014', 'permission'],
    ['4000', 'permission'],
    ['4001', 'permission'],
    ['4002', 'permission'],
    ['4009', 'permission'],
    ['6002', 'permission'],
    ['6003', 'permission'],
    ['6004', 'permission'],
    ['6005', 'permission'],
    ['6007', 'permission'],
    ['6016', 'permission'],
    ['6017', 'permission'],
    ['6018', 'permission'],
    ['6020', 'permission'],
    ['6021', 'permission'],
    ['6023', 'permission'],
    ['6039', 'permission'],
    ['6044', 'permission'],
  ])('code %s is rejected as %s', (code, failureClass) => {
    for (const status of [200, 401, 403]) {
      const reading = update(reply({ code: Number(code), message: 'x' }, { status }));
      expect(reading.kind === 'rejected' ? [reading.failure.class, reading.failure.code] : reading.kind).toEqual([
        failureClass,
        code,
      ]);
    }
  });

  it('takes HTTP 401 with JSON for refused credentials, whatever its code', () => {
    const listed = update(reply({ code: 10008, message: 'appid or appsecret is empty' }, { status: 401 }));
    expect(listed.kind === 'rejected' ? listed.failure.reading.en : listed.kind).toBe(
      'Appid or AppSecret was not received',
    );
    for (const [answer, code] of [
      [{ code: 99, message: 'no' }, '99'],
      [{ message: 'Unauthorized' }, '401'],
      [{ code: 0, message: 'ok' }, '401'],
    ] as const) {
      const reading = update(reply(answer, { status: 401 }));
      expect(reading).toEqual({
        kind: 'rejected',
        failure: {
          code,
          message: answer.message,
          class: 'permission',
          reading: {
            zh: '鼎商不接受账户的 Appid 或 AppSecret（HTTP 401）',
            en: "DingShang does not accept the account's Appid or AppSecret (HTTP 401)",
          },
          remedy: {
            zh: '核对账户里的 Appid 和 AppSecret（鼎商云管理系统 → 商户信息），不要带空格',
            en: "Compare the account's Appid and AppSecret (DingShang console, merchant information), without spaces",
          },
        },
      });
    }
    expect(update(reply('<html></html>', { status: 401 })).kind).toBe('unreadable');
  });

  it.each([
    ['a redirect', reply(OK, { status: 302 })],
    ['408', reply(OK, { status: 408 })],
    ['an empty body', reply('')],
    ['HTML', reply('<html></html>', { status: 502 })],
    ['truncated JSON', reply('{"code":0,"message":"ok"')],
    ['a list', reply('[]')],
    ['an object of someone else', reply({ error: 'x' })],
    ['an empty object', reply({})],
    ['a code that is no text or number', reply({ code: true })],
  ])('does not trust %s', (_name, answer) => {
    expect(update(answer).kind).toBe('unreadable');
  });

  it("shows both readings of a code with two meanings beside the vendor's words", () => {
    const one = oneOf(update(reply({ code: 6013, message: 'sorry, the role name is already in used' })));
    expect(one.outcome === 'failed' ? [one.failure.message, one.failure.reading.en] : one.outcome).toEqual([
      'sorry, the role name is already in used',
      "The documents give this code two meanings: the telephone number is in use, or the role name is; see the vendor's words",
    ]);
  });
});

describe('reading a query', () => {
  const RECORD = { id: 70, product_id: 121, quantity: 1, price: '1.00', status: 'IS_DELIVERING', notify_sent: '1' };
  const SAMPLE = {
    order_id: 54,
    trade_id: '3f2a58ad69b74e86b8a1a3da6fd75cc1',
    date: '2024-04-26',
    amount: '3.00',
    status: 'SUCCESS',
    notify_send_count: 1,
    records: [RECORD],
  };

  it("reads the documents' sample", () => {
    expect(query(SAMPLE)).toEqual({
      kind: 'page',
      rows: [
        {
          values: {
            order_id: '54',
            trade_id: '3f2a58ad69b74e86b8a1a3da6fd75cc1',
            date: '2024-04-26',
            amount: '3.00',
            status: 'SUCCESS',
            pickup_code_id: '',
            notify_send_count: '1',
          },
          lists: {
            records: [
              {
                record_id: '70',
                product_id: '121',
                quantity: '1',
                price: '1.00',
                status: 'IS_DELIVERING',
                notify_sent: '1',
              },
            ],
          },
        },
      ],
      next: null,
    });
  });

  it('fills what protobuf leaves out, and takes record_id before id', () => {
    const reading = query({ order_id: 54, status: 'NOTPAY', records: [{ record_id: 7, id: 8 }] });
    const found = reading.kind === 'page' ? reading.rows[0] : undefined;
    expect(found?.values['notify_send_count']).toBe('0');
    expect(found?.values['amount']).toBe('');
    expect(found?.lists?.['records']).toEqual([
      { record_id: '7', product_id: '', quantity: '', price: '', status: '', notify_sent: '' },
    ]);
  });

  it('takes one record alone, none, and not another form', () => {
    const records = (given: unknown): unknown => {
      const reading = query({ order_id: 54, records: given });
      return reading.kind === 'page'
        ? reading.rows[0]?.lists?.['records']?.map((record) => record['record_id'])
        : reading.kind;
    };
    expect(records(RECORD)).toEqual(['70']);
    expect(records([RECORD, { id: 71 }])).toEqual(['70', '71']);
    for (const none of [undefined, null, '', []]) expect(records(none)).toEqual([]);
    expect(records('x')).toBe('unreadable');
    expect(records([null])).toBe('unreadable');
  });

  it('names the order that was asked for, and trusts no other', () => {
    const reading = query({ status: 'SUCCESS' });
    expect(reading.kind === 'page' ? reading.rows[0]?.values['order_id'] : '').toBe('54');
    expect(query({ ...SAMPLE, order_id: 55 })).toEqual({
      kind: 'unreadable',
      why: {
        zh: '鼎商答复里的订单不是所查的订单，或不是约定的形式',
        en: "The order in DingShang's reply is not the one asked for, or has an unknown form",
      },
    });
  });

  it('keeps every digit of an id', () => {
    const body = '{"code":0,"message":"ok","data":{"order_id":9007199254740993,"amount":"0.10"}}';
    const reading = orderQuery().read(reply(body), { order_id: '9007199254740993' }, null, {});
    expect(reading.kind === 'page' ? reading.rows[0]?.values['order_id'] : reading.kind).toBe('9007199254740993');
  });

  it('has no rows when a success has no order', () => {
    for (const data of ['', null, undefined, {}, []])
      expect(query(data)).toEqual({ kind: 'page', rows: [], next: null });
  });

  it('reads failures, rejections and what is open', () => {
    const read = (answer: Reply): LookupReading => orderQuery().read(answer, { order_id: '54' }, null, {});
    const failed = read(reply({ code: 80002, message: 'x' }));
    expect(failed.kind === 'failed' ? failed.failure.class : failed.kind).toBe('not_found');
    expect(read(reply({ code: 4006, message: 'x' })).kind).toBe('rejected');
    expect(read(reply({ code: 6015, message: 'x' }))).toEqual({
      kind: 'unreadable',
      why: {
        zh: '鼎商答了代码 6015（HTTP 200），可能已经处理，也可能没有',
        en: 'DingShang sent code 6015 (HTTP 200): it may have acted or not',
      },
    });
    expect(read(reply('')).kind).toBe('unreadable');
  });
});

describe('reading a ping', () => {
  it('is good when the headers were accepted', () => {
    expect(ping().read(reply({ code: 0, message: 'ok', data: 'pong' }))).toEqual({ kind: 'ok' });
  });

  it('tells refused credentials from an unclear reply', () => {
    expect(ping().read(reply({ code: 10014, message: 'appid is invalid' }, { status: 401 })).kind).toBe('rejected');
    expect(ping().read(reply({ code: 40006, message: 'x' })).kind).toBe('failed');
    expect(ping().read(reply({ code: 0 })).kind).toBe('unreadable');
    expect(ping().read(reply('pong')).kind).toBe('unreadable');
  });

  it('says what it does not prove', () => {
    expect(ping().proves.en).toBe(
      'Proves that Appid and AppSecret are valid; it does not test the sign key, which only "Query order" does',
    );
    expect(ping().proves.zh).toContain('不检验签名密钥');
  });
});
