import { describe, expect, it } from 'vitest';
import type { LookupRow, Values } from '../../../../src/main/vendors/types.ts';
import { orderQuery, reply } from './support.ts';

const check = (order_id: string, machine_no = ''): unknown => {
  const checked = orderQuery().check({ order_id, machine_no }, {});
  return checked.ok ? checked.value['order_id'] : checked.problems.map(({ code, message }) => `${code} ${message.en}`);
};

describe('orders with their machines', () => {
  it('are one a line: the order, its machine, the time of the order', () => {
    expect(check('54 12345678\n55,87654321\n56\t12345678\t2024-05-01 00:00:00')).toBe(
      '54 12345678\n55 87654321\n56 12345678 2024-05-01 00:00:00',
    );
  });

  it('take the machine of the form where they have none of their own', () => {
    expect(check('54\n55 87654321\n56 2024-05-01 00:00:00', '12345678')).toBe(
      '54 12345678\n55 87654321\n56 12345678 2024-05-01 00:00:00',
    );
    expect(check('54')).toEqual([expect.stringContaining('has no machine number (54)')]);
  });

  it('stand there once', () => {
    expect(check('54 12345678\n54 12345678\n\n 54   12345678 ')).toBe('54 12345678');
  });

  it.each([
    ['054 12345678', 'field.pattern'],
    ['1.23E+17 12345678', 'order.scientific'],
    ['54 12345678 2024-02-30 00:00:00', 'needs the time of the order'],
    ['54 12345678 2024-05-01', 'needs the time of the order'],
    ['54 12345678 99999999', 'has more on a line than one order'],
    ['54 12345678 2024-05-01 00:00:00 more', 'has more on a line than one order'],
    ['54 ä', 'machine number of the wrong form'],
    ['', 'field.required'],
  ])('%j is refused', (text, why) => {
    expect(check(text)).toEqual([expect.stringContaining(why)]);
  });

  it('are one call each', () => {
    const { plan } = orderQuery();
    if (plan?.kind !== 'each') throw new Error('not one by one');
    expect(plan.calls({ order_id: '54 12345678\n56 87654321 2024-05-01 00:00:00' })).toEqual([
      { name: '54', params: { order_id: '54', machine_no: '12345678' } },
      { name: '56', params: { order_id: '56', machine_no: '87654321', created_at: '2024-05-01 00:00:00' } },
    ]);
  });

  it('are followed to what was dispensed of them', () => {
    const { plan } = orderQuery();
    const under = plan?.kind === 'each' ? plan.under : undefined;
    const row: LookupRow = { values: { order_id: '54', machine_no: '12345678' } };
    expect(under?.list).toBe('deliveries');
    expect(under?.calls(row, [{ delivery_id: '5121' }, {}])).toEqual([
      { operation: 'delivery-query', params: { delivery_id: '5121', machine_no: '12345678' } },
    ]);
  });
});

describe('the time that is left of the twenty minutes', () => {
  const read = (
    status: string,
    params: Values,
    headers: Record<string, string> = {},
    settings: Values = {},
  ): Values => {
    const body = { code: 0, message: 'ok', data: { order_id: 54, status } };
    const given = { order_id: '54', machine_no: '12345678', ...params };
    const reading = orderQuery().read(reply(body, { headers }), given, null, settings);
    if (reading.kind !== 'page') throw new Error(reading.kind);
    return reading.rows[0]?.values ?? {};
  };
  const DATE = { date: 'Wed, 01 May 2024 00:00:00 GMT' };

  it('is exact where the time of the order is known', () => {
    const values = read('NOTPAY', { created_at: '2024-05-01 07:55:00' }, DATE);
    expect(values).toMatchObject({ pay_until: '2024-05-01 08:15:00', pay_until_is: 'exact', machine_no: '12345678' });
    expect(orderQuery().until?.({ values })).toEqual({
      column: 'pay_until',
      atMs: Date.UTC(2024, 4, 1, 0, 15),
      exact: true,
    });
  });

  it('is at most that of the reply’s own time and twenty minutes where it is not', () => {
    const values = read('NOTPAY', {}, DATE);
    expect(values).toMatchObject({ pay_until: '2024-05-01 08:20:00', pay_until_is: 'at_most' });
    expect(orderQuery().until?.({ values })?.exact).toBe(false);
    expect(read('NOTPAY', {}, DATE, { orderTtlMin: '5' })['pay_until']).toBe('2024-05-01 08:05:00');
  });

  it('is not told of orders that are paid, or without any time', () => {
    for (const values of [read('SUCCESS', {}, DATE), read('CLOSED', {}, DATE), read('NOTPAY', {})]) {
      expect(values['pay_until']).toBeUndefined();
      expect(orderQuery().until?.({ values })).toBeNull();
    }
  });
});
