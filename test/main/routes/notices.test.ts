import { describe, expect, it } from 'vitest';
import type { Language } from '../../../src/contract/text.ts';
import { Notices, type Notice } from '../../../src/main/routes/notices.ts';

const COUNTS = { succeeded: 2_500, failed: 3, unknown: 1, left: 40 };

function setUp(language: Language = 'en'): {
  told: Notice[];
  notices: Notices;
  state: { now: number; wanted: boolean };
} {
  const told: Notice[] = [];
  const state = { now: 0, wanted: true };
  const notices = new Notices({
    wanted: () => state.wanted,
    language: () => language,
    notify: (notice) => void told.push(notice),
    now: () => state.now,
  });
  return { told, notices, state };
}

describe('what the desktop is told of a job', () => {
  it('that ended: counts alone, in the language of the console', () => {
    for (const [language, title, body] of [
      ['en', 'Job 7: finished', '2500 succeeded · 3 failed · 1 unknown'],
      ['zh-CN', '任务 7：已完成', '成功 2500 · 失败 3 · 未知 1'],
    ] as const) {
      const { told, notices } = setUp(language);
      notices.ended(7, { state: 'finished', reason: null, text: null }, { ...COUNTS, left: 0 });
      expect(told).toEqual([{ shows: { jobId: 7 }, title, body }]);
    }
  });

  it('that waits or stopped: why, and whether it goes on by itself', () => {
    const { told, notices } = setUp();
    notices.waits(7, { reason: 'network', text: null, sinceMs: 0, nextMs: 1 }, COUNTS);
    notices.ended(7, { state: 'paused', reason: 'sign', text: { zh: '密', en: 'secret' } }, COUNTS);
    expect(told.map(({ title }) => title)).toEqual(['Job 7: the network is down', 'Job 7: the sign was refused']);
    expect(told[0]?.body).toBe('2500 succeeded · 3 failed · 1 unknown · 40 not sent · goes on by itself');
    expect(told[1]?.body).not.toContain('secret');
  });

  it('is nothing of what the person did, of a sleep, or where it is not wanted', () => {
    const { told, notices, state } = setUp();
    notices.ended(7, { state: 'paused', reason: 'person', text: null }, COUNTS);
    notices.ended(7, { state: 'cancelled', reason: null, text: null }, COUNTS);
    notices.waits(7, { reason: 'sleep', text: null, sinceMs: 0, nextMs: null }, COUNTS);
    state.wanted = false;
    notices.ended(7, { state: 'finished', reason: null, text: null }, COUNTS);
    expect(told).toEqual([]);
  });

  it('is not the same again and again, nor of many jobs at once', () => {
    const { told, notices, state } = setUp();
    const lost = (jobId: number): void =>
      notices.waits(jobId, { reason: 'network', text: null, sinceMs: 0, nextMs: 1 }, COUNTS);
    lost(7);
    lost(7);
    expect(told).toHaveLength(1);
    for (let jobId = 8; jobId < 30; jobId += 1) lost(jobId);
    expect(told).toHaveLength(6);
    state.now = 300_000;
    lost(7);
    expect(told).toHaveLength(7);
  });
});

describe('what the desktop is told of a saved view', () => {
  it('is that it has more orders than its limit, by its name and counts alone', () => {
    const { told, notices } = setUp('zh-CN');
    notices.over({ id: 3, name: '待发货' }, 120, 100);
    notices.over({ id: 3, name: '待发货' }, 121, 100);
    expect(told).toEqual([{ shows: { viewId: 3 }, title: '“待发货”：120 单', body: '超过了 100 单' }]);
  });
});
