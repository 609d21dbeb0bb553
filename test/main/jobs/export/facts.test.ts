import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/contract/text.ts';
import { beijing, durationText, jobFacts, ranMs, runsOf, type Run } from '../../../../src/main/jobs/export/facts.ts';
import type { Job } from '../../../../src/main/jobs/types.ts';
import { NOW, job, stateEvent } from './support.ts';

const facts = (change: Partial<Job> = {}, runs: readonly Run[] = [], language: Language = 'en'): string[] =>
  jobFacts(job(change), runs, NOW, language).map(({ name, value }) => `${name}: ${value}`);

describe('a length of time', () => {
  it.each([
    [-1_000, '0 s', '0 秒'],
    [0, '0 s', '0 秒'],
    [499, '0 s', '0 秒'],
    [500, '1 s', '1 秒'],
    [59_499, '59 s', '59 秒'],
    [60_000, '1 min', '1 分'],
    [61_000, '1 min 1 s', '1 分 1 秒'],
    [3_600_000, '1 h', '1 小时'],
    [3_601_000, '1 h 1 s', '1 小时 1 秒'],
    [90_061_000, '25 h 1 min 1 s', '25 小时 1 分 1 秒'],
  ])('of %i ms is %s', (ms, en, zh) => {
    expect([durationText(ms, 'en'), durationText(ms, 'zh-CN')]).toEqual([en, zh]);
  });
});

describe('a time', () => {
  it.each([NOW, '2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00+01:00'])('%s is told as Beijing shows it', (time) => {
    expect(beijing(time, 'en')).toBe('2026-11-23 17:00:00 (Beijing)');
    expect(beijing(time, 'zh-CN')).toBe('2026-11-23 17:00:00（北京时间）');
  });
});

describe('when a job ran', () => {
  it.each<[string, [number, string][], Run[]]>([
    ['nothing', [], []],
    ['it is ready', [[1, 'ready']], []],
    [
      'it runs',
      [
        [1, 'ready'],
        [5, 'running'],
      ],
      [{ beginMs: 5, endMs: null }],
    ],
    [
      'it ran',
      [
        [5, 'running'],
        [9, 'finished'],
      ],
      [{ beginMs: 5, endMs: 9 }],
    ],
    [
      'it says twice that it runs',
      [
        [5, 'running'],
        [7, 'running'],
        [9, 'paused'],
      ],
      [{ beginMs: 5, endMs: 9 }],
    ],
    [
      'it ends twice',
      [
        [5, 'running'],
        [9, 'paused'],
        [12, 'cancelled'],
      ],
      [{ beginMs: 5, endMs: 9 }],
    ],
    [
      'the clock was set back',
      [
        [5, 'running'],
        [2, 'paused'],
      ],
      [{ beginMs: 5, endMs: 5 }],
    ],
    [
      'it ran again',
      [
        [5, 'running'],
        [9, 'paused'],
        [20, 'running'],
        [21, 'paused'],
      ],
      [
        { beginMs: 5, endMs: 9 },
        { beginMs: 20, endMs: 21 },
      ],
    ],
  ])('is told by its states: %s', (_, states, runs) => {
    expect(runsOf(states.map(([atMs, state]) => stateEvent(atMs, state)))).toEqual(runs);
  });

  it.each<[readonly Run[], number | null]>([
    [[], null],
    [[{ beginMs: 5, endMs: 9 }], 4],
    [
      [
        { beginMs: 5, endMs: 9 },
        { beginMs: 20, endMs: null },
      ],
      84,
    ],
    [[{ beginMs: 200, endMs: null }], 0],
    [
      [
        { beginMs: 9, endMs: 5 },
        { beginMs: 20, endMs: 21 },
      ],
      1,
    ],
  ])('%j sums, now being 100, to %s', (runs, ms) => {
    expect(ranMs(runs, 100)).toBe(ms);
  });
});

describe('what is to be known of a job', () => {
  it.each<[Language, string[]]>([
    [
      'en',
      [
        'Job: 12',
        'Account: Shop 1',
        'Vendor: Polyv live',
        'Operation: Update order status · New status: being delivered',
        'Source: may.csv',
        `SHA-256 of the source: ${'ab'.repeat(32)}`,
        'Made from job: 7',
        'State: paused: the network is down',
        'Created: 2026-11-23 16:00:00 (Beijing)',
        'Began: 2026-11-23 16:01:00 (Beijing)',
        'Ended: 2026-11-23 16:31:05 (Beijing)',
        'Running time, pauses apart: 1 min 30 s',
        'Exported: 2026-11-23 17:00:00 (Beijing)',
      ],
    ],
    [
      'zh-CN',
      [
        '任务: 12',
        '账号: Shop 1',
        '供应商: 保利威直播',
        '操作: 批量更新订单状态 · 改为: 待收货',
        '来源: may.csv',
        `来源的 SHA-256: ${'ab'.repeat(32)}`,
        '来自任务: 7',
        '状态: 已暂停: 网络断开',
        '创建: 2026-11-23 16:00:00（北京时间）',
        '开始: 2026-11-23 16:01:00（北京时间）',
        '结束: 2026-11-23 16:31:05（北京时间）',
        '运行时间（不含暂停）: 1 分 30 秒',
        '导出: 2026-11-23 17:00:00（北京时间）',
      ],
    ],
  ])('is told in %s', (language, lines) => {
    const change = { parentId: 7, state: 'paused', pauseReason: 'network' } as const;
    expect(facts(change, [{ beginMs: NOW - 100_000, endMs: NOW - 10_000 }], language)).toEqual(lines);
  });

  it('leaves out what is not so', () => {
    expect(facts({ source: { kind: 'paste', name: 'paste' }, startedAt: null, endedAt: null, state: 'ready' })).toEqual(
      [
        'Job: 12',
        'Account: Shop 1',
        'Vendor: Polyv live',
        'Operation: Update order status · New status: being delivered',
        'Source: pasted',
        'State: ready',
        'Created: 2026-11-23 16:00:00 (Beijing)',
        'Exported: 2026-11-23 17:00:00 (Beijing)',
      ],
    );
  });

  it.each<[Job['source']['kind'], string, string]>([
    ['paste', 'Source: pasted', '来源: 粘贴'],
    ['generated', 'Source: practice data', '来源: 练习数据'],
    ['file', 'Source: x.csv', '来源: x.csv'],
  ])('says where its rows are from: %s', (kind, en, zh) => {
    const source = { kind, name: 'x.csv' };
    expect([facts({ source })[4], facts({ source }, [], 'zh-CN')[4]]).toEqual([en, zh]);
  });

  it('says no text that a person wrote into a parameter, and an operation that is no more by its id', () => {
    expect(facts({ operation: 'gone' })[3]).toBe('Operation: gone');
    expect(facts({ params: { status: 'a customer’s name' } })[3]).toBe('Operation: Update order status');
  });
});
