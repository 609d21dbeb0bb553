// The words of a summary's page, as a person reads them, and the page's own policy.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/contract/text.ts';
import type { JobReport } from '../../../../src/main/jobs/export/report.ts';
import { exportSummary, summaryHtml } from '../../../../src/main/jobs/export/summary.ts';
import type { CauseGroup } from '../../../../src/main/jobs/journal/window.ts';
import { failure as vendorFailure } from '../../../support/journal.ts';
import { failure } from '../intake/support.ts';
import { NOW, cause, countsOf, exportFolders, job, report, stateEvent, states } from './support.ts';

const folder = exportFolders();
const LANGUAGES = ['en', 'zh-CN'] as const;

/** The words of a piece of HTML; cells and terms of a list stand apart by `|`, lines by a line end. */
function words(text: string): string[] {
  return text
    .replaceAll(/<(style|title|svg class="swatch").*?<\/(style|title|svg)>/gsu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/<\/(?:td|th|dt)>\s*(?=<(?:td|th|dd))/gu, ' | ')
    .replaceAll(/<\/(?:tr|p|li|h1|h2|dd|svg)>/gu, '\n')
    .replaceAll(/<[^>]*>/gu, '')
    .replaceAll('&emsp;', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.replaceAll(/ +/gu, ' ').trim())
    .filter((line) => line !== '');
}

/** One part of the page by its place: before any, outcomes, times, causes, what can be undone, pauses. */
const partOf = (page: string, nth: number): string => `${nth === 0 ? '' : '<h2>'}${page.split('<h2>')[nth] ?? ''}`;
const part = (nth: number, change: Partial<JobReport>, language: Language): string[] =>
  words(partOf(summaryHtml(report(change), NOW, language), nth));

describe('the head of a summary', () => {
  it.each<[Language, string, string[]]>([
    [
      'en',
      'Bulk update summary · Shop 1 · 12',
      [
        'Bulk update summary',
        'This page has counts alone, no order numbers and nothing of a buyer; every row is in a CSV or XLSX export. Times are Beijing’s.',
        'Job | 12',
        'Account | Shop 1',
      ],
    ],
    [
      'zh-CN',
      '批量更新汇总 · Shop 1 · 12',
      [
        '批量更新汇总',
        '本页只有计数，不含订单号与买家资料；逐行结果见 CSV 或 XLSX 导出。时间为北京时间。',
        '任务 | 12',
        '账号 | Shop 1',
      ],
    ],
  ])('says what it is, in %s', (language, title, lines) => {
    const page = summaryHtml(report(), NOW, language);
    expect(page.startsWith(`<!DOCTYPE html>\n<html lang="${language}"><head><meta charset="utf-8" />`)).toBe(true);
    expect(page.endsWith('</main></body></html>\n')).toBe(true);
    expect(page).toContain(`<title>${title}</title>`);
    expect(words(partOf(page, 0)).slice(0, 4)).toEqual(lines);
  });

  it('lets in no style but its own, and nothing else', () => {
    const page = summaryHtml(report(), NOW, 'en');
    const style = /<style>(.*)<\/style>/su.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.replaceAll('&#39;', "'")).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(style).toContain('@page{size:A4;margin:12mm}');
    for (const name of page.matchAll(/class="(\w+)"/gu)) if (name[1] !== 'n') expect(style).toContain(`.${name[1]}`);
  });

  it('gives a fact of more than 40 characters the whole line', () => {
    const named = (length: number): string =>
      summaryHtml(report({ job: job({ accountLabel: 'x'.repeat(length) }) }), NOW, 'en');
    expect(named(40)).toContain(`<dt>Account</dt><dd>${'x'.repeat(40)}</dd>`);
    expect(named(41)).toContain(`<dt class="wide">Account</dt><dd class="wide">${'x'.repeat(41)}</dd>`);
  });
});

describe('the outcomes of a summary', () => {
  const counts = {
    ...countsOf([]),
    total: 4_000,
    succeeded: 2_500,
    failed: 1,
    notSent: 1_499,
    byReason: { cancelled: 1_400, pending: 0, too_late: 99 },
  };

  it.each<[Language, string[]]>([
    [
      'en',
      [
        'Outcomes',
        '✓ succeeded | 2,500 | 62.5 %',
        '✕ failed | 1 | 0.0 %',
        '? unknown | 0 | 0.0 %',
        '○ not sent | 1,499 | 37.5 %',
        'its time ran out | 99 |',
        'cancelled | 1,400 |',
        'Total | 4,000 |',
      ],
    ],
    [
      'zh-CN',
      [
        '结果',
        '✓ 成功 | 2,500 | 62.5 %',
        '✕ 失败 | 1 | 0.0 %',
        '? 未知 | 0 | 0.0 %',
        '○ 未发送 | 1,499 | 37.5 %',
        '已过时限 | 99 |',
        '已取消 | 1,400 |',
        '合计 | 4,000 |',
      ],
    ],
  ])('are counted with their shares and reasons, in %s', (language, lines) => {
    expect(part(1, { counts }, language)).toEqual(lines);
  });

  it('have no share of nothing', () => {
    expect(part(1, {}, 'en').slice(1, 3)).toEqual(['✓ succeeded | 0 |', '✕ failed | 0 |']);
  });
});

describe('the times of a summary', () => {
  const times = {
    ...report().times,
    buckets: [{ fromMs: NOW, counts: states({ succeeded: 4 }) }],
    widthS: 120,
    later: states({ succeeded: 1_200, unknown: 3 }),
  };

  it.each<[Language, string, string[]]>([
    [
      'en',
      'Outcomes over time: succeeded 4, failed 0, unknown 0, not sent 0',
      [
        'succeeded failed unknown not sent One bar is 2 min',
        'Settled after the last run, verified or decided: ✓ succeeded 1,200 · ? unknown 3',
      ],
    ],
    [
      'zh-CN',
      '结果随时间: 成功 4, 失败 0, 未知 0, 未发送 0',
      ['成功 失败 未知 未发送 每柱 2 分', '最后一次运行之后才定下（核实或由人决定）：✓ 成功 1,200 · ? 未知 3'],
    ],
  ])('are a chart with its key, and what was settled later, in %s', (language, label, lines) => {
    const [title, ...rest] = part(2, { times }, language);
    expect(title).toBe(label.split(':')[0]);
    expect(rest.slice(-2)).toEqual(lines);
    expect(summaryHtml(report({ times }), NOW, language)).toContain(`aria-label="${label}"`);
  });

  it.each<[Language, string[]]>([
    ['en', ['Outcomes over time', 'Nothing has been sent yet.']],
    ['zh-CN', ['结果随时间', '还没有发送任何行。']],
  ])('are said to be none, in %s', (language, lines) => {
    expect(part(2, {}, language)).toEqual(lines);
  });
});

describe('the causes in a summary', () => {
  const problem = { code: 'blank', message: { zh: '张三', en: 'Zhang San' } };
  const note = { zh: '超时', en: 'timed out' };

  it.each<[string, Partial<CauseGroup>, string, string]>([
    [
      'a failure',
      { failure: vendorFailure('E1', 'state'), count: 1_200, lines: [3, 5] },
      '1,200 | ✕ reading E1 E1 | remedy E1 (no use in retrying) | 3, 5 …',
      '1,200 | ✕ 含义 E1 E1 | 办法 E1 (不必重试) | 3, 5 …',
    ],
    [
      'a refusal that may pass',
      { state: 'not_sent', reason: 'rejected', failure: vendorFailure('E2', 'limit') },
      '1 | ○ reading E2 E2 | remedy E2 (may be retried) | 2',
      '1 | ○ 含义 E2 E2 | 办法 E2 (可以重试) | 2',
    ],
    [
      'a row in doubt, never to be sent again at once',
      { state: 'unknown', failure: vendorFailure('E3', 'transport') },
      '1 | ? reading E3 E3 | Verify before anything is sent again. | 2',
      '1 | ? 含义 E3 E3 | 先核实，不要直接重发。 | 2',
    ],
    [
      'a row in doubt with a note',
      { state: 'unknown', note },
      '1 | ? timed out | Verify before anything is sent again. | 2',
      '1 | ? 超时 | 先核实，不要直接重发。 | 2',
    ],
    ['a row that is being sent', { state: 'sending' }, '1 | ? sending | | 2', '1 | ? 发送中 | | 2'],
    [
      'a check’s problem by its kind, not its words',
      { state: 'not_sent', reason: 'set_aside', problem, note },
      '1 | ○ blank row blank | | 2',
      '1 | ○ 空行 blank | | 2',
    ],
    [
      'a problem of no known kind',
      { state: 'not_sent', reason: 'set_aside', problem: { ...problem, code: 'new' } },
      '1 | ○ set aside by a check new | | 2',
      '1 | ○ 检查未通过 new | | 2',
    ],
    ['a reason alone', { state: 'not_sent', reason: 'cancelled' }, '1 | ○ cancelled | | 2', '1 | ○ 已取消 | | 2'],
    ['nothing but the outcome', {}, '1 | ✕ failed | | 2', '1 | ✕ 失败 | | 2'],
  ])('tell %s', (_, group, en, zh) => {
    const causes = [cause(group)];
    expect(part(3, { causes }, 'en')).toEqual([
      'Why rows failed, are in doubt or were kept back',
      'Rows | Reason | What to do | First lines',
      en,
    ]);
    expect(part(3, { causes }, 'zh-CN')).toEqual(['失败与未发送的原因', '行数 | 原因 | 怎么办 | 起始行', zh]);
  });

  it.each<[Language, string[]]>([
    ['en', ['Why rows failed, are in doubt or were kept back', 'None.']],
    ['zh-CN', ['失败与未发送的原因', '没有。']],
  ])('are said to be none, in %s', (language, lines) => {
    expect(part(3, {}, language)).toEqual(lines);
  });

  it('are six, and the rest counted', () => {
    const causes = Array.from({ length: 8 }, (_, at) => cause({ failure: vendorFailure(`E${at}`), count: 1_000 + at }));
    const of = (n: number, language: Language): string[] => part(3, { causes: causes.slice(0, n) }, language).slice(2);
    expect(of(6, 'en')).toHaveLength(6);
    expect(of(8, 'en').slice(5)).toEqual([expect.stringContaining('reading E5'), '2 more reasons, of 2,013 rows.']);
    expect(of(8, 'zh-CN').slice(6)).toEqual(['另有 2 种原因，共 2,013 行。']);
  });
});

describe('what a summary says can be taken back', () => {
  const undoable = { vendor: 'pdd', operation: 'note-update', params: {} } as const;
  const counts = (succeeded: number, unknown = 0): JobReport['counts'] => ({
    ...countsOf([]),
    total: succeeded + unknown,
    succeeded,
    unknown,
  });
  const kept = (n: number): JobReport['times'] => ({ ...report().times, kept: n });

  const backEn = (n: string): string =>
    `Of ${n} rows the value before the write is kept: an undo job can be made of them, previewed like any other.`;
  const backZh = (n: string): string => `${n} 行保留了写入前的值，可以建立撤销任务（执行前同样有预览）。`;

  it.each<[string, Partial<JobReport>, string[], string[]]>([
    [
      'all of it',
      { job: job(undoable), counts: counts(1_200), times: kept(1_200) },
      [backEn('1,200')],
      [backZh('1,200')],
    ],
    [
      'a part',
      { job: job(undoable), counts: counts(3_000), times: kept(1) },
      [backEn('1'), '2,999 rows succeeded and cannot be undone from here: the value before the write was not read.'],
      [backZh('1'), '2,999 行已经成功，本软件无法撤销：没有写入前的值。'],
    ],
    [
      'nothing, as the operation has no way back',
      { counts: counts(2, 1_000), times: kept(2) },
      [
        '2 rows succeeded and cannot be undone from here: this operation has no way back, or the value before the write was not read.',
        '1,000 rows are in doubt: before they are verified, do not take them for not done.',
      ],
      [
        '2 行已经成功，本软件无法撤销：这个操作没有退路，或没有读到写入前的值。',
        '1,000 行结果未知，核实之前不能当作没有执行。',
      ],
    ],
    [
      'nothing of an operation that is no more',
      { job: job({ operation: 'gone' }), counts: counts(1), times: kept(1) },
      [
        '1 rows succeeded and cannot be undone from here: this operation has no way back, or the value before the write was not read.',
      ],
      ['1 行已经成功，本软件无法撤销：这个操作没有退路，或没有读到写入前的值。'],
    ],
    ['nothing, as nothing was done', {}, ['Nothing was done.'], ['没有已经执行的行。']],
  ])('is %s', (_, change, en, zh) => {
    expect(part(4, change, 'en')).toEqual(['What can be taken back', ...en]);
    expect(part(4, change, 'zh-CN')).toEqual(['能否撤销', ...zh]);
  });
});

describe('the pauses in a summary', () => {
  const pausesOf = (n: number): JobReport['states'] =>
    Array.from({ length: n }, (_, at) => [
      stateEvent(NOW + at * 60_000, 'running'),
      stateEvent(NOW + at * 60_000 + 1_000, 'paused', at === 0 ? 'strange' : 'network'),
    ]).flat();
  const pauseText = { zh: '断了', en: 'It is down.' };
  const paused = job({ state: 'paused', pauseReason: 'network', pauseText });

  it('are told with their time and reason, the last with its words while it lasts', () => {
    expect(part(5, { states: pausesOf(2), job: paused }, 'en')).toEqual([
      'Pauses',
      '2026-11-23 17:00:01 (Beijing): Pauses',
      '2026-11-23 17:01:01 (Beijing): the network is down — It is down.',
    ]);
    expect(part(5, { states: pausesOf(2), job: paused }, 'zh-CN')).toEqual([
      '暂停',
      '2026-11-23 17:00:01（北京时间）: 暂停',
      '2026-11-23 17:01:01（北京时间）: 网络断开 — 断了',
    ]);
    for (const over of [
      { ...paused, state: 'finished' as const },
      { ...paused, pauseText: null },
    ])
      expect(part(5, { states: pausesOf(2), job: over }, 'en').at(-1)).toMatch(/the network is down$/u);
  });

  it.each<[Language, string[]]>([
    ['en', ['Pauses', 'None.']],
    ['zh-CN', ['暂停', '没有。']],
  ])('are said to be none, in %s', (language, lines) => {
    expect(part(5, { states: [stateEvent(NOW, 'running'), stateEvent(NOW, 'finished')] }, language)).toEqual(lines);
  });

  it('are the last five, and those before counted', () => {
    expect(part(5, { states: pausesOf(5) }, 'en')).toHaveLength(6);
    const seven = part(5, { states: pausesOf(7) }, 'en');
    expect([seven.length, seven[1], seven.at(-1)]).toEqual([
      7,
      '2026-11-23 17:02:01 (Beijing): the network is down',
      '2 more before these.',
    ]);
    expect(part(5, { states: pausesOf(7) }, 'zh-CN').at(-1)).toBe('更早还有 2 次。');
  });
});

describe('writing a summary', () => {
  it.each(LANGUAGES)('has nothing unfilled, in %s', (language) => {
    const page = summaryHtml(report({ causes: [cause()], states: [stateEvent(NOW, 'paused')] }), NOW, language);
    expect(page).not.toMatch(/undefined|\[object|NaN|Stryker/u);
  });

  it('replaces no file but one that it is asked to, and none while a row is being sent', async () => {
    const to = { path: join(folder(), 'job.html'), language: 'en', nowMs: NOW } as const;
    const ready = (): Promise<JobReport> => Promise.resolve(report());
    writeFileSync(to.path, 'mine');
    expect((await failure(() => exportSummary(ready, to))).code).toBe('EXPORT_EXISTS');
    const sending = { ...report(), counts: { ...countsOf([]), sending: 1 } };
    const refused = await failure(() => exportSummary(async () => sending, { ...to, overwrite: true }));
    expect([refused.code, readFileSync(to.path, 'utf8')]).toEqual(['JOB_STATE', 'mine']);
    await exportSummary(ready, { ...to, overwrite: true });
    expect(readFileSync(to.path, 'utf8')).toBe(summaryHtml(report(), NOW, 'en'));
    expect(readdirSync(dirname(to.path))).toEqual(['job.html']);
  });
});
