import { describe, expect, it } from 'vitest';
import type { ClaimResult, JournalEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { packEntries, packResults, unpackEntries, unpackResults } from '../../../../src/main/jobs/journal/entries.ts';
import { failure } from '../../../support/journal.ts';

const note = { zh: '不知道', en: 'not known' };
const of = { jobId: 7, accountId: 'shop-1' };

describe('entries on their way to the database thread', () => {
  it('come out as they went in, each kind of entry and of row', () => {
    const entries: JournalEntry[] = [
      {
        kind: 'claim',
        ...of,
        hash: 'h',
        stampedAtMs: 1.5,
        rows: [
          { rowNo: 1, order: 'a' },
          { rowNo: 2, order: '', oldValues: { note: 'x' } },
        ],
      },
      {
        kind: 'settle',
        ...of,
        callId: 3,
        how: 'answered',
        requestId: 'r',
        atMs: 9,
        rows: [
          { rowNo: 1, order: 'a', state: 'succeeded' },
          { rowNo: 2, order: 'b', state: 'succeeded', note },
          { rowNo: 3, order: 'c', state: 'failed', failure: failure('E1') },
          { rowNo: 4, order: 'd', state: 'unknown', note, readings: [1, 2] },
          { rowNo: 5, order: 'e', state: 'not_sent', reason: 'pending' },
        ],
      },
      { kind: 'settle', ...of, callId: 4, how: 'unknown', atMs: 9, rows: [] },
      {
        kind: 'decide',
        ...of,
        from: 'pending',
        atMs: 9,
        rows: [{ rowNo: 1, order: 'a', state: 'not_sent', reason: 'nothing_to_do', note, oldValues: {} }],
      },
      {
        kind: 'decide',
        ...of,
        from: 'unknown',
        atMs: 9,
        rows: [{ rowNo: 6, order: 'f', state: 'succeeded', oldValues: { note: '' } }],
      },
    ];
    expect(unpackEntries(packEntries(entries))).toEqual(entries);
    expect(unpackEntries(packEntries([]))).toEqual([]);
  });

  it('copy no object for a row that is claimed or has succeeded and no more', () => {
    const rows = [{ rowNo: 1, order: 'a', state: 'succeeded' as const }];
    const packed = packEntries([{ kind: 'settle', ...of, callId: 3, how: 'answered', atMs: 9, rows }]);
    expect(packed).not.toContain('{');
  });

  it('are answered in their places', () => {
    const results: (ClaimResult | null)[] = [null, { callId: 8, refused: [] }, { callId: null, refused: [1, 2] }];
    expect(unpackResults(packResults(results))).toEqual(results);
  });
});
