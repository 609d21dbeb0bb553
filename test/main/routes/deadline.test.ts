import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { clockOf, deadlineView } from '../../../src/main/routes/deadline.ts';
import type { Services } from '../../../src/main/services.ts';
import { describeVendor, operation, VENDORS } from '../../../src/main/vendors/registry.ts';

const paid = operation('vending', 'order-update', 'update');
const CREATED_MS = Date.parse('2024-05-01T12:00:00+08:00');
const MINUTE = 60_000;
const row = {
  state: 'not_sent',
  order: '54',
  values: { machine_no: '12345678', status: '1', created_at: '2024-05-01 12:00:00' },
} as const;
/** A minute is kept free before the end of the order's twenty. */
const UNTIL_MS = CREATED_MS + 19 * MINUTE;

describe('until when a row may be sent', () => {
  it("is told by this machine's clock", () => {
    expect(deadlineView(paid, { orderTtlMin: '20' }, row, 0)).toEqual({ deadlineMs: UNTIL_MS });
    // The vendor's clock is five minutes ahead: here it ends five minutes earlier.
    expect(deadlineView(paid, {}, row, 5 * MINUTE)).toEqual({ deadlineMs: UNTIL_MS - 5 * MINUTE });
    expect(deadlineView(paid, { orderTtlMin: '30' }, row, 0)).toEqual({ deadlineMs: UNTIL_MS + 10 * MINUTE });
  });

  it('is a bound for an order of which it is known alone when it was first seen', () => {
    const values = { machine_no: '1', status: '1', seen_at: '2024-05-01 12:00:00' };
    expect(deadlineView(paid, {}, { ...row, values }, 0)).toEqual({ deadlineMs: UNTIL_MS, deadlineAtMost: true });
  });

  it('is not told of rows that have gone out, are set aside, or have none', () => {
    for (const state of ['succeeded', 'unknown', 'sending'] as const) {
      expect(deadlineView(paid, {}, { ...row, state }, 0)).toEqual({});
    }
    expect(deadlineView(paid, {}, { ...row, state: 'failed' }, 0)).toEqual({ deadlineMs: UNTIL_MS });
    expect(deadlineView(paid, {}, { ...row, values: null }, 0)).toEqual({});
    expect(deadlineView(paid, {}, { ...row, values: { ...row.values, status: '2' } }, 0)).toEqual({});
    expect(deadlineView(paid, {}, row, null)).toEqual({});
    expect(deadlineView(operation('vending', 'dispense', 'update'), {}, row, 0)).toEqual({});
  });

  it('is shown where the operation has one', () => {
    const has = describeVendor(VENDORS.vending).operations.filter(({ hasDeadline }) => hasDeadline === true);
    expect(has.map(({ id }) => id)).toEqual(['order-update']);
  });
});

describe('the clock of a job', () => {
  const services = (get: () => Promise<Account>): Pick<Services, 'vault' | 'gateway'> =>
    ({ vault: { get }, gateway: { vendorNow: () => Date.now() + 5 * MINUTE } }) as unknown as Services;
  const job = { vendor: 'vending', operation: 'order-update', accountId: 'a' } as const;
  const account = async (): Promise<Account> => ({ id: 'a' }) as Account;
  const gone = async (): Promise<Account> => {
    throw new Error('gone');
  };

  it('is that of its account, and of no interest without a deadline or an account', async () => {
    const offset = (await clockOf(services(account), job)) ?? 0;
    expect(Math.round(offset / MINUTE)).toBe(5);
    expect(await clockOf(services(gone), job)).toBeNull();
    expect(await clockOf(services(gone), { ...job, operation: 'dispense' })).toBeNull();
  });
});
