import { describe, expect, it } from 'vitest';
import { NOT_SENT_REASONS } from '../../../../src/contract/outcome.ts';
import type { RowState } from '../../../../src/contract/outcome.ts';
import { addedCells } from '../../../../src/main/jobs/export/columns.ts';
import { shanghaiTime } from '../../../../src/main/vendors/shared/time.ts';
import { ADDED_COLUMNS } from '../../../../src/main/jobs/export/cells.ts';
import type { AddedColumn } from '../../../../src/main/jobs/export/cells.ts';
import type { JournalRow } from '../../../../src/main/jobs/types.ts';

const plain: JournalRow = {
  jobId: 1,
  rowNo: 1,
  line: 2,
  cells: ['A1', 'x'],
  order: 'A1',
  values: {},
  state: 'not_sent',
  reason: 'pending',
  problem: null,
  failure: null,
  note: null,
  requestId: null,
  attempts: 0,
  sentAtMs: null,
  endedAtMs: null,
  settledAtMs: null,
  oldValues: null,
  seenValues: null,
  seenAtMs: null,
  insisted: false,
  track: null,
  decided: null,
  expects: null,
  mended: null,
  movedTo: null,
  readings: [],
};

function added(rest: Partial<JournalRow>, language: 'zh-CN' | 'en' = 'en'): Record<AddedColumn, string> {
  const cells = addedCells({ ...plain, ...rest }, 2, language);
  return Object.fromEntries(ADDED_COLUMNS.map((column, index) => [column, cells[index] ?? '?'])) as Record<
    AddedColumn,
    string
  >;
}

describe('a row’s outcome', () => {
  it.each<[RowState, string, string]>([
    ['succeeded', '成功', 'succeeded'],
    ['failed', '失败', 'failed'],
    ['unknown', '未知', 'unknown'],
    ['not_sent', '未发送', 'not sent'],
    ['sending', '发送中', 'sending'],
  ])('%s is named', (state, zh, en) => {
    expect([added({ state }, 'zh-CN').outcome, added({ state }).outcome]).toEqual([zh, en]);
  });
});

describe('why a row was not sent', () => {
  it('is told for every reason by words of its own, in both languages', () => {
    const told = NOT_SENT_REASONS.flatMap((reason) =>
      (['zh-CN', 'en'] as const).map((language) => {
        const { code, reading, remedy } = added({ reason }, language);
        expect(code).toBe(reason);
        for (const text of [reading, remedy])
          expect(text).toMatch(language === 'en' ? /^[A-Z].*\.$/ : /\p{Script=Han}/u);
        return reading;
      }),
    );
    expect(new Set(told).size).toBe(told.length);
  });

  it('is the check’s own words where a check refused the row', () => {
    const problem = { code: 'intake.blank', message: { zh: '空行', en: 'The line is blank.' } };
    expect(added({ reason: 'set_aside', problem })).toMatchObject({
      code: 'intake.blank',
      reading: 'The line is blank.',
      remedy: 'Mend it as the reading says and import it again.',
    });
  });

  it('is that the row waits where no reason stands', () => {
    expect(added({ reason: null })).toMatchObject({
      code: '',
      reading: 'Waits for its turn.',
      remedy: 'Resume the job.',
    });
  });
});

describe('a row in doubt', () => {
  it('warns of sending it again, in both languages', () => {
    expect(added({ state: 'unknown', reason: null })).toMatchObject({
      code: '',
      reading: 'Sent, and no trustworthy answer came.',
      remedy: 'Verify it, or look at the vendor’s own site; do not send it again before.',
    });
    const zh = added({ state: 'unknown', reason: null }, 'zh-CN');
    expect([zh.reading, zh.remedy]).toEqual([
      '已经发出，没有得到可信的答复',
      '请先核实（verify）或到平台后台查看，不要直接重发',
    ]);
  });

  it('tells what is known about it instead, and as its note', () => {
    const note = { zh: '查不到', en: 'Not found.' };
    expect(added({ state: 'unknown', note })).toMatchObject({ reading: 'Not found.', note: 'Not found.' });
  });
});

describe('a row that succeeded', () => {
  it('needs no words', () => {
    expect(added({ state: 'succeeded', reason: null, attempts: 2, requestId: 'r-1' })).toEqual({
      outcome: 'succeeded',
      code: '',
      reading: '',
      remedy: '',
      requestId: 'r-1',
      time: '',
      attempts: '2',
      orderSent: 'A1',
      note: '',
      line: '2',
      surplus: '',
    });
  });
});

describe('the time of a row', () => {
  it('is when it was settled, else when it was sent, in Beijing', () => {
    expect(added({ sentAtMs: 1_000, settledAtMs: 61_000 }).time).toBe('1970-01-01 08:01:01');
    expect(added({ sentAtMs: 1_000 }).time).toBe('1970-01-01 08:00:01');
    expect(shanghaiTime(Date.UTC(2026, 10, 23, 16, 0, 0))).toBe('2026-11-24 00:00:00');
  });
});

describe('cells beyond the header', () => {
  it('are kept as JSON, and only those', () => {
    expect(added({ cells: ['a', 'b'] }).surplus).toBe('');
    expect(added({ cells: ['a', 'b', 'c', ''] }).surplus).toBe('["c",""]');
  });

  it('leave the order unsaid where no call was made', () => {
    expect(added({ attempts: 0 }).orderSent).toBe('');
    expect(added({ attempts: 1 }).orderSent).toBe('A1');
  });
});
