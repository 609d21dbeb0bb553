import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LookupRowView } from '../../../src/contract/lookup.ts';
import type { VendorDescriptor } from '../../../src/contract/vendor.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import {
  filterColumns,
  gridColumns,
  localTime,
  orderOf,
  tsvLine,
} from '../../../src/renderer/screens/orders/columns.ts';
import { firstLookup } from '../../../src/renderer/screens/orders/form.ts';
import { POLYV, SUNING } from './vendors.ts';

const operationOf = (vendor: VendorDescriptor) => {
  const operation = firstLookup(vendor);
  if (operation === null) throw new Error(`${vendor.id} has no lookup`);
  return operation;
};
const polyv = operationOf(POLYV);
const row: LookupRowView = {
  key: 7,
  selected: false,
  values: {
    orderNo: 'product1',
    status: 'wait_delivery',
    amount: '0.10',
    createTime: '2026-05-12 09:41:00',
    name: '•••',
  },
  lists: { products: 2 },
};
const cell = (operation: typeof polyv, id: string) => gridColumns(operation).find((column) => column.id === id);

beforeEach(() => {
  language.value = 'en';
  vi.stubEnv('TZ', 'Europe/Berlin');
});
afterEach(() => {
  language.value = 'zh-CN';
  vi.unstubAllEnvs();
});

describe("a lookup's columns in the grid", () => {
  it("shows readable words and the person's time, the vendor's own on hover", () => {
    expect([cell(polyv, 'status')?.text(row), cell(polyv, 'status')?.hint?.(row)]).toEqual([
      'waiting for delivery',
      "The vendor's value: wait_delivery",
    ]);
    expect([cell(polyv, 'createTime')?.text(row), cell(polyv, 'createTime')?.hint?.(row)]).toEqual([
      '2026-05-12 03:41:00',
      '2026-05-12 09:41:00 Beijing time',
    ]);
    expect([cell(polyv, 'amount')?.text(row), cell(polyv, 'amount')?.hint?.(row)]).toEqual(['0.10', undefined]);
  });

  it('freezes and fixes the order number, and sorts by nothing that is personal', () => {
    expect(cell(polyv, 'orderNo')).toMatchObject({ frozen: true, fixed: true, opens: true, kind: 'order' });
    const personal = gridColumns(polyv).filter((column) => column.personal === true);
    expect(personal.map(({ sortable }) => sortable)).toEqual(personal.map(() => false));
    expect(personal.length).toBe(2);
  });

  it('shows how many things a nested list has, not its columns', () => {
    const suning = operationOf(SUNING);
    const ids = gridColumns(suning).map(({ id }) => id);
    expect(ids).toEqual(['orderSource', 'orderId', 'list:jobList']);
    expect(cell(suning, 'list:jobList')?.text({ ...row, lists: { jobList: 3 } })).toBe('3 items');
    expect(orderOf(suning, { orderId: '0012' })).toBe('0012');
  });

  it('says of what the console itself has found out no value of the vendor’s, and filters by none', () => {
    const own = (polyv.columns ?? []).map((column) => (column.id === 'status' ? { ...column, own: true } : column));
    const operation = { ...polyv, columns: own };
    expect([cell(operation, 'status')?.text(row), cell(operation, 'status')?.hint?.(row)]).toEqual([
      'waiting for delivery',
      undefined,
    ]);
    expect(filterColumns(operation)).toEqual([]);
  });

  it('filters by the columns of which all values are known', () => {
    expect(filterColumns(polyv).map(({ id }) => id)).toEqual(['status']);
  });
});

it.each([
  ['2026-05-12 00:00:00', '2026-05-11 18:00:00'],
  ['2026-13-45 00:00:00', '2026-13-45 00:00:00'],
  ['soon', 'soon'],
])('%s is %s in Berlin', (given, shown) => {
  expect(localTime(given)).toBe(shown);
});

it('keeps a row of a table one line', () => {
  expect(tsvLine(['a\tb', '00012', 'c\r\nd'])).toBe('a b\t00012\tc d');
});
