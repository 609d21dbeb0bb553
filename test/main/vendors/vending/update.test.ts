import { describe, expect, it } from 'vitest';
import type { LookupRow, Values, Verdict } from '../../../../src/main/vendors/types.ts';
import { shanghaiMs } from '../../../../src/main/vendors/shared/time.ts';
import { dispenseWindow } from '../../../../src/main/vendors/vending/index.ts';
import { orderQuery, orderUpdate, row } from './support.ts';

const MINUTE = 60_000;
const CREATED = '2024-05-01 12:00:00';
const CREATED_MS = shanghaiMs(CREATED) ?? 0;

describe('dispenseWindow', () => {
  const at = (ageMs: number, ttl = 20): unknown => dispenseWindow(CREATED_MS, CREATED_MS + ageMs, ttl);

  it('is open until a minute before the end', () => {
    expect(at(0)).toEqual({ kind: 'open', leftMs: 19 * MINUTE });
    expect(at(19 * MINUTE - 1)).toEqual({ kind: 'open', leftMs: 1 });
  });

  it('closes in the last minute and is over at the end', () => {
    expect(at(19 * MINUTE)).toEqual({ kind: 'closing' });
    expect(at(20 * MINUTE - 1)).toEqual({ kind: 'closing' });
    expect(at(20 * MINUTE)).toEqual({ kind: 'over' });
    expect(at(24 * 60 * MINUTE)).toEqual({ kind: 'over' });
  });

  it('is unclear for an order from the future, a little difference of clocks apart', () => {
    expect(at(-MINUTE)).toEqual({ kind: 'open', leftMs: 20 * MINUTE });
    expect(at(-MINUTE - 1)).toEqual({ kind: 'unclear' });
  });

  it("follows the account's minutes", () => {
    expect(at(4 * MINUTE, 5)).toEqual({ kind: 'closing' });
    expect(at(5 * MINUTE, 5)).toEqual({ kind: 'over' });
    expect(at(0, 1)).toEqual({ kind: 'closing' });
  });
});

describe('the shared parameters', () => {
  it("keep the account's order life for the verification", () => {
    expect(orderUpdate().checkParams({ status: '3' }, {})).toEqual({
      ok: true,
      value: { status: '3', orderTtlMin: '20' },
      warnings: [],
    });
    expect(orderUpdate().checkParams({}, { orderTtlMin: '15', hexCase: 'odd' })).toEqual({
      ok: true,
      value: { orderTtlMin: '15' },
      warnings: [],
    });
  });

  it('take a status by its name and refuse others', () => {
    const named = orderUpdate().checkParams({ status: '支付成功' }, {});
    expect(named.ok ? named.value['status'] : '').toBe('1');
    for (const status of ['0', '7', 'SUCCESS', '1 2']) expect(orderUpdate().checkParams({ status }, {}).ok).toBe(false);
    expect(orderUpdate().checkParams({}, { orderTtlMin: '0' }).ok).toBe(false);
  });

  it('warn of every status but 1', () => {
    const choices = orderUpdate().params.find(({ id }) => id === 'status')?.choices ?? [];
    expect(choices.map(({ value, warning }) => [value, warning?.en])).toEqual([
      ['1', undefined],
      ['2', 'The platform takes it as a failed payment and returns the goods to stock'],
      ['3', 'The platform takes it as a failed payment and returns the goods to stock'],
      ['4', 'The platform takes it as a failed payment and returns the goods to stock'],
      [
        '5',
        'By the documents "user paying" counts as a failed payment too and restocks; ask DingShang before you send it',
      ],
      ['6', 'The platform takes it as a failed payment and returns the goods to stock'],
    ]);
  });
});

describe('checking a row', () => {
  const check = (
    values: Values,
    params: Values = {},
    settings: Values = {},
  ): ReturnType<ReturnType<typeof orderUpdate>['checkRow']> =>
    orderUpdate().checkRow({ order_id: '54', machine_no: '12345678', status: '3', ...values }, params, settings);
  const codes = (values: Values, params: Values = {}): readonly (readonly [string, string | undefined])[] => {
    const checked = check(values, params);
    return checked.ok ? [] : checked.problems.map(({ code, field }) => [code, field]);
  };

  it('takes a good row', () => {
    expect(check({})).toEqual({
      ok: true,
      value: { order: '54', values: { machine_no: '12345678', status: '3' } },
      warnings: [],
    });
  });

  it("prefers the row's status to the shared one", () => {
    const status = (own: string, shared: string): unknown => {
      const checked = check({ status: own }, { status: shared });
      return checked.ok ? checked.value.values['status'] : checked.problems[0]?.code;
    };
    expect(status('', '2')).toBe('2');
    expect(status('  ', '2')).toBe('2');
    expect(status('4', '2')).toBe('4');
    expect(status('已关闭', '2')).toBe('3');
    expect(status('9', '2')).toBe('field.choice');
    const { status: _own, ...without } = { order_id: '54', machine_no: '12345678', status: '' };
    const checked = orderUpdate().checkRow(without, { status: '6' }, {});
    expect(checked.ok ? checked.value.values['status'] : '').toBe('6');
  });

  it('refuses a row without any status', () => {
    expect(check({ status: '' })).toEqual({
      ok: false,
      problems: [
        {
          code: 'vending.no_status',
          field: 'status',
          message: {
            zh: '改成的状态：这一行没有状态，也没有给整批选一个',
            en: 'New status: this row has none, and none was chosen for the whole job',
          },
        },
      ],
    });
  });

  it.each([
    ['12a4', 'field.pattern'],
    ['ABC', 'field.pattern'],
    ['054', 'field.pattern'],
    ['0', 'field.pattern'],
    ['-5', 'field.pattern'],
    ['12345678901234567890', 'field.pattern'],
    ['1.23E+17', 'order.scientific'],
    ['54.0', 'order.number_format'],
    ['1234567890123450000', 'order.tail_zeros'],
    ['5 4', 'order.characters'],
    ['', 'field.required'],
  ])('refuses the order id %j', (order, code) => {
    expect(codes({ order_id: order })).toEqual([[code, 'order_id']]);
  });

  it('takes an order id of 19 digits and takes spaces off it', () => {
    const checked = check({ order_id: ' 9223372036854775807\u00a0' });
    expect(checked.ok ? checked.value.order : '').toBe('9223372036854775807');
  });

  it('warns of a machine number that is not 8 digits and takes it', () => {
    for (const machine of ['1632712', '163271290', 'AB123456', '1234-678']) {
      const checked = check({ machine_no: ` ${machine} ` });
      expect(checked).toEqual({
        ok: true,
        value: { order: '54', values: { machine_no: machine, status: '3' } },
        warnings: [
          {
            code: 'vending.machine_no',
            field: 'machine_no',
            message: {
              zh: '设备编号：一般是 8 位数字，请核对（前面的 0 可能丢了；也有商户用更长的编号）',
              en: 'Machine number: is normally 8 digits, please compare (a leading zero may be lost; some merchants have longer ones)',
            },
          },
        ],
      });
    }
  });

  it('refuses a machine number that a spreadsheet damaged, in plain words', () => {
    for (const machine of ['1.63E+07', '16327129.0', '16,327,129']) {
      expect(check({ machine_no: machine })).toEqual({
        ok: false,
        problems: [
          {
            code: 'vending.machine_no_damaged',
            field: 'machine_no',
            message: {
              zh: `设备编号：“${machine}”被表格软件改坏了；请把该列设为“文本”后重新导出`,
              en: `Machine number: "${machine}" was damaged by a spreadsheet; set the column to "Text" and export again`,
            },
          },
        ],
      });
    }
    expect(codes({ machine_no: '1.63E+07', order_id: '' })).toEqual([
      ['field.required', 'order_id'],
      ['vending.machine_no_damaged', 'machine_no'],
    ]);
  });

  it.each([
    ['', 'field.required'],
    ['1632.7129x', 'field.pattern'],
    ['12 34', 'field.pattern'],
    ['1234&status=2', 'field.pattern'],
    ['机器一', 'field.pattern'],
    ['1'.repeat(33), 'field.pattern'],
  ])('refuses the machine number %j', (machine, code) => {
    expect(codes({ machine_no: machine })).toEqual([[code, 'machine_no']]);
  });

  it('tells the time until which "paid" must arrive', () => {
    const warning = (values: Values, settings: Values = {}): unknown => {
      const checked = check({ status: '1', ...values }, {}, settings);
      return checked.ok ? checked.warnings.map(({ code, message }) => [code, message.en]) : checked.problems;
    };
    expect(warning({ created_at: CREATED })).toEqual([
      [
        'vending.deadline',
        'Created at: "paid" must arrive before 2024-05-01 12:20:00; after that the platform expires the order, restocks it and dispenses nothing',
      ],
    ]);
    expect(JSON.stringify(warning({ created_at: CREATED }, { orderTtlMin: '5' }))).toContain('2024-05-01 12:05:00');
    expect(JSON.stringify(warning({ created_at: CREATED }, { orderTtlMin: 'x' }))).toContain('2024-05-01 12:20:00');
    expect(JSON.stringify(warning({ created_at: CREATED }, { orderTtlMin: '0' }))).toContain('2024-05-01 12:20:00');
    expect(warning({})).toEqual([]);
    expect(warning({ created_at: CREATED, status: '2' })).toEqual([]);
  });

  it('keeps the creation time with the row and refuses one that does not exist', () => {
    const checked = check({ created_at: CREATED });
    expect(checked.ok ? checked.value.values['created_at'] : '').toBe(CREATED);
    expect(codes({ created_at: '2024-02-30 00:00:00' })).toEqual([['field.time', 'created_at']]);
  });
});

describe('verifying', () => {
  const verify = orderUpdate().verify;
  if (!verify) throw new Error('no verification');
  const found = (status: string): LookupRow => ({ values: { order_id: '54', status } });
  const judge = (
    wanted: string,
    now: LookupRow | null,
    change: Values = {},
    nowMs = CREATED_MS,
    params: Values = {},
  ): Verdict =>
    verify.judge({
      row: row(wanted, change),
      params,
      found: now,
      oldValues: null,
      nowMs,
      sameReadingsAtMs: [],
      sentAtMs: CREATED_MS,
      sinceEndMs: 0,
    });
  const outcome = (verdict: Verdict): string =>
    verdict.outcome === 'failed'
      ? `${verdict.outcome} ${verdict.failure.code} ${verdict.failure.class}`
      : verdict.outcome;

  it('asks for the order at its machine', () => {
    const call = verify.lookup(row());
    expect(call).toEqual({ operation: 'order-query', params: { order_id: '54', machine_no: '12345678' } });
    expect(orderQuery().check(call.params, {})).toEqual({ ok: true, value: { order_id: '54 12345678' }, warnings: [] });
    expect(verify.matches(row(), found('SUCCESS'))).toBe(true);
    expect(verify.matches(row(), { values: { order_id: '55' } })).toBe(false);
    expect(verify.matches(row(), { values: {} })).toBe(false);
  });

  it.each([
    ['1', 'SUCCESS'],
    ['2', 'REFUND'],
    ['3', 'CLOSED'],
    ['4', 'REVOKED'],
    ['5', 'USERPAYING'],
    ['6', 'PAYERROR'],
  ])('takes %s for done at %s and at no other word', (wanted, word) => {
    expect(outcome(judge(wanted, found(word)))).toBe('succeeded');
    for (const other of [
      'SUCCESS',
      'REFUND',
      'CLOSED',
      'REVOKED',
      'USERPAYING',
      'PAYERROR',
      'PICKUPCODE',
      'TESTPAY',
      'NEW',
    ]) {
      if (other !== word) expect(outcome(judge(wanted, found(other), { created_at: CREATED }))).toBe('unknown');
    }
  });

  it('says in what state the order is', () => {
    expect(judge('1', found('SUCCESS'))).toEqual({
      outcome: 'succeeded',
      note: { zh: '查询到：SUCCESS（支付成功）', en: 'The query shows: SUCCESS (Paid)' },
    });
    expect(judge('1', found('TESTPAY'))).toEqual({
      outcome: 'unknown',
      why: {
        zh: '订单现在是 TESTPAY（测试订单），不是要改成的状态；请到平台核对',
        en: 'The order is now TESTPAY (Test order), which is not the wanted status; compare at the platform',
      },
    });
    const odd = judge('1', found('toString'));
    expect(odd.outcome === 'unknown' ? odd.why.en : '').toBe(
      'The order is now toString, which is not the wanted status; compare at the platform',
    );
  });

  it('offers an unpaid young order for retry', () => {
    const verdict = judge('1', found('NOTPAY'), { created_at: CREATED }, CREATED_MS + 19 * MINUTE - 1);
    expect(verdict).toEqual({
      outcome: 'failed',
      failure: {
        code: 'console.not_applied',
        message: '',
        class: 'not_applied',
        reading: {
          zh: '订单还是未支付：这次更新没有生效',
          en: 'The order is still unpaid: this update was not applied',
        },
        remedy: {
          zh: '可以再发一次，要在下单后 20 分钟之内',
          en: 'It may be sent again, within 20 minutes of its creation',
        },
      },
    });
  });

  it('leaves an unpaid order open when it is old, from the future or of unknown age', () => {
    const at = (ageMs: number, params: Values = {}): string =>
      outcome(judge('1', found('NOTPAY'), { created_at: CREATED }, CREATED_MS + ageMs, params));
    expect(at(19 * MINUTE)).toBe('unknown');
    expect(at(20 * MINUTE)).toBe('unknown');
    expect(at(-2 * MINUTE)).toBe('unknown');
    expect(at(4 * MINUTE, { orderTtlMin: '5' })).toBe('unknown');
    expect(at(4 * MINUTE - 1, { orderTtlMin: '5' })).toBe('failed console.not_applied not_applied');
    const late = judge('1', found('NOTPAY'), { created_at: CREATED }, CREATED_MS + 19 * MINUTE);
    expect(late.outcome === 'unknown' ? late.why.en : '').toBe(
      'The order is still unpaid, but at or near its limit of 20 minutes, or its creation time is wrong; compare at the platform',
    );
    const unaged = judge('1', found('NOTPAY'));
    expect(unaged.outcome === 'unknown' ? unaged.why.en : '').toBe(
      'The order is still unpaid; without its creation time nobody can tell whether it is too old',
    );
  });

  it('leaves a missing order or status open', () => {
    for (const now of [null, found(''), { values: {} }]) {
      expect(judge('1', now)).toEqual({
        outcome: 'unknown',
        why: { zh: '查不到这个订单的状态', en: 'The status of this order could not be found' },
      });
    }
  });
});

describe('the form of the query', () => {
  it('takes digits and a machine number, spaces taken off', () => {
    expect(orderQuery().check({ order_id: ' 54 ', machine_no: ' 12345678 ' }, {})).toEqual({
      ok: true,
      value: { order_id: '54 12345678' },
      warnings: [],
    });
    expect(orderQuery().check({ order_id: '54' }, {}).ok).toBe(false);
    expect(orderQuery().check({ machine_no: '12345678' }, {}).ok).toBe(false);
    expect(orderQuery().check({ order_id: 'x', machine_no: '12345678' }, {}).ok).toBe(false);
  });
});
