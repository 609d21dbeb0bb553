import { describe, expect, it } from 'vitest';
import { shanghaiMs } from '../../../../src/main/vendors/shared/time.ts';
import type { BeforeWrite, Values } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { orderUpdate } from './support.ts';

const MINUTE = 60_000;
const CREATED = '2024-05-01 12:00:00';
const CREATED_MS = shanghaiMs(CREATED) ?? 0;
const { readBefore } = orderUpdate();
if (readBefore === undefined) throw new Error('nothing is read before');

function judge(
  status: string,
  word: string,
  {
    ageMs = 0,
    created = CREATED,
    expected = null,
  }: { ageMs?: number; created?: string; expected?: Values | null } = {},
): BeforeWrite {
  if (readBefore === undefined) throw new Error('nothing is read before');
  return readBefore.judge({
    row: { order: '54', values: { machine_no: '12345678', status, created_at: created } },
    params: { orderTtlMin: '20' },
    found: { values: { order_id: '54', status: word } },
    expected,
    nowMs: CREATED_MS + ageMs,
  });
}

describe('an order’s present word', () => {
  it('is as wanted already, or open to what is wanted', () => {
    expect(judge('1', 'SUCCESS')).toEqual({ kind: 'nothing_to_do', oldValues: { status: 'SUCCESS' } });
    expect(judge('3', 'CLOSED').kind).toBe('nothing_to_do');
    expect(judge('1', 'NOTPAY').kind).toBe('write');
    expect(judge('1', 'USERPAYING').kind).toBe('write');
    expect(judge('2', 'SUCCESS').kind).toBe('write');
    expect(judge('3', 'NOTPAY', { expected: { status: 'NOTPAY' } }).kind).toBe('write');
    expect(judge('3', 'NOTPAY', { expected: { status: 'USERPAYING' } }).kind).toBe('changed');
  });

  it.each([
    ['1', 'REFUND'],
    ['1', 'CLOSED'],
    ['2', 'REVOKED'],
    ['2', 'PAYERROR'],
    ['1', 'PICKUPCODE'],
    ['1', 'TESTPAY'],
    ['3', 'SUCCESS'],
    ['1', 'ODD'],
    ['1', ''],
  ])('forbids status %s: %s', (status, word) => {
    expect(judge(status, word)).toMatchObject({ kind: 'forbidden', oldValues: { status: word } });
  });

  it('forbids "paid" once the order is older than its minutes, where the row says when it was made', () => {
    expect(judge('1', 'NOTPAY', { ageMs: 20 * MINUTE - 1 }).kind).toBe('write');
    expect(judge('1', 'NOTPAY', { ageMs: 20 * MINUTE })).toMatchObject({ kind: 'forbidden' });
    expect(judge('1', 'NOTPAY', { ageMs: 20 * MINUTE, created: '' }).kind).toBe('write');
    expect(judge('3', 'NOTPAY', { ageMs: 20 * MINUTE }).kind).toBe('write');
  });

  it('is told by a query that is refused for its age, and by no other refusal', () => {
    for (const code of ['40005', '6042'])
      expect(readBefore.judgeFailure?.(failure(code, 'state'))).toMatchObject({ kind: 'forbidden', oldValues: {} });
    expect(readBefore.judgeFailure?.(failure('6043', 'state'))).toBeNull();
  });
});
