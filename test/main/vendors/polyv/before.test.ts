import { describe, expect, it } from 'vitest';
import type { BeforeWrite, UpdateRow, Values } from '../../../../src/main/vendors/types.ts';
import { update } from './support.ts';

const ORDER = 'product202405221129011833ad';
const { readBefore } = update();
if (readBefore === undefined) throw new Error('nothing is read before');
const row = (order = ORDER): UpdateRow => ({ order, values: { orderNo: order } });
const judge = (status: string, expected: Values | null = null): BeforeWrite =>
  readBefore.judge({
    row: row(),
    params: { status: 'delivering' },
    found: { values: { orderNo: ORDER, status } },
    expected,
    nowMs: 0,
  });

describe('an order’s present status', () => {
  it('lets it be set while it waits for delivery', () => {
    expect(judge('wait_delivery')).toEqual({ kind: 'write', oldValues: { status: 'wait_delivery' } });
    expect(judge('wait_delivery', { status: 'wait_delivery' }).kind).toBe('write');
    expect(judge('wait_delivery', { status: 'close' }).kind).toBe('changed');
  });

  it.each(['delivering', 'finish'])('is as wanted already: %s', (status) => {
    expect(judge(status)).toEqual({ kind: 'nothing_to_do', oldValues: { status } });
  });

  it.each(['wait_pay', 'close', 'odd', ''])('forbids it: "%s", and says which it is', (status) => {
    const verdict = judge(status);
    expect(verdict).toMatchObject({ kind: 'forbidden', oldValues: { status } });
    const why = verdict.kind === 'forbidden' ? verdict.why : { zh: '', en: '' };
    expect(why.en).toContain({ wait_pay: 'waiting for payment', close: 'closed' }[status] ?? `"${status}"`);
    expect(why.zh).toContain({ wait_pay: '待支付', close: '已关闭' }[status] ?? `“${status}”`);
  });
});

describe('the look-ups of present statuses', () => {
  const at = (time: string): UpdateRow => row(`product${time}1833ad`);

  it('are one window of creation for each group of numbers that lie close, whatever the status', () => {
    const rows = [at('20240522120000'), at('20240522112901'), at('20240601000000'), at('20240601010000')];
    expect(readBefore.sweep?.(rows, { nowMs: 0 })).toEqual([
      {
        operation: 'order-list',
        params: { startCreateTime: '2024-05-22 11:19:01', endCreateTime: '2024-05-22 12:10:00', pageSize: '500' },
      },
      {
        operation: 'order-list',
        params: { startCreateTime: '2024-05-31 23:50:00', endCreateTime: '2024-06-01 01:10:00', pageSize: '500' },
      },
    ]);
  });

  it('leave a number alone that stands by itself or tells no time', () => {
    expect(readBefore.sweep?.([at('20240522120000'), at('20240601000000'), row('other')], { nowMs: 0 })).toEqual([]);
    expect(readBefore.lookup(row())).toEqual({ operation: 'order-get', params: { orderNo: ORDER } });
    expect(readBefore.matches(row(), { values: { orderNo: ORDER } })).toBe(true);
    expect(readBefore.matches(row(), { values: { orderNo: 'x' } })).toBe(false);
  });

  it('are not made before each write unless a person says so', () => {
    expect(readBefore.byDefault).toBe(false);
    expect(readBefore.columns.map(({ id }) => id)).toEqual(['status']);
  });
});
