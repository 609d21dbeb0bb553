import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OUTCOMES, ROW_STATES } from '../../../../src/contract/outcome.ts';
import { escapeHtml, html } from '../../../../src/main/jobs/export/html.ts';
import { Histogram, MOST_BUCKETS } from '../../../../src/main/jobs/export/histogram.ts';
import { readReport, timesOf, type JobReport } from '../../../../src/main/jobs/export/report.ts';
import { exportSummary, summaryHtml } from '../../../../src/main/jobs/export/summary.ts';
import { apply, type Settled } from '../../../../src/main/jobs/journal/calls.ts';
import { getJob, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { getCounts } from '../../../../src/main/jobs/journal/reads.ts';
import {
  failure as vendorFailure,
  fitRow,
  readyJob,
  straightJournal,
  testDatabases,
  type TestDatabases,
} from '../../../support/journal.ts';
import { failure } from '../intake/support.ts';
import { exportFolders, job } from './support.ts';

const folder = exportFolders();
const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const SETTLED: readonly Settled[] = [
  { state: 'succeeded' },
  { state: 'failed', failure: vendorFailure('E1', 'state') },
  { state: 'unknown', note: { zh: '超时', en: 'timed out' } },
  { state: 'not_sent', reason: 'rejected', failure: vendorFailure('E2', 'limit') },
];

/** A job whose rows were settled at these times as these; those of null wait. */
let made = 0;

function settledJob(rows: readonly ({ readonly atMs: number; readonly as: number } | null)[]): number {
  made += 1;
  const order = (index: number): string => `o${index}-${made}`;
  const jobId = readyJob(
    databases,
    rows.map((_, index) => fitRow(index + 1, order(index))),
  );
  rows.forEach((one, index) => {
    if (one === null) return;
    const base = { jobId, accountId: 'shop-1' } as const;
    const row = { rowNo: index + 1, order: order(index) };
    const [claimed] = apply(databases, {
      entries: [{ kind: 'claim', ...base, rows: [row], hash: 'h', stampedAtMs: one.atMs }],
    });
    const as = SETTLED[one.as] ?? { state: 'succeeded' };
    apply(databases, {
      entries: [
        {
          kind: 'settle',
          ...base,
          callId: claimed?.callId ?? 0,
          how: 'answered',
          rows: [{ ...row, ...as }],
          atMs: one.atMs,
        },
      ],
    });
  });
  return jobId;
}

const anySettled = fc.array(
  fc.option(fc.record({ atMs: fc.integer({ min: NOW, max: NOW + 3_600_000 }), as: fc.nat(3) }), { nil: null }),
  { minLength: 1, maxLength: 25 },
);

describe('the times of a job', () => {
  it('sum to its counts in every state, in at most 60 spans, whatever was settled when', async () => {
    await fc.assert(
      fc.asyncProperty(anySettled, fc.option(fc.integer({ min: NOW, max: NOW + 3_600_000 })), async (rows, endMs) => {
        const jobId = settledJob(rows);
        const counts = getCounts(databases, { jobId });
        const { buckets, later, untimed } = await timesOf(straightJournal(databases), { id: jobId }, counts, endMs);
        expect(buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
        const of = {
          succeeded: counts.succeeded,
          failed: counts.failed,
          unknown: counts.unknown,
          not_sent: counts.notSent,
        };
        for (const state of OUTCOMES) {
          const timed = buckets.reduce((sum, one) => sum + one.counts[state], 0);
          expect(timed + later[state] + untimed[state]).toBe(of[state]);
          if (endMs === null)
            expect(timed).toBe(rows.filter((one) => one !== null && SETTLED[one.as]?.state === state).length);
        }
      }),
      { seed: 3, numRuns: 20 },
    );
  });

  it('are refused when the job changed meanwhile', async () => {
    const jobId = settledJob([{ atMs: NOW, as: 0 }, null]);
    const counts = { ...getCounts(databases, { jobId }), succeeded: 0, notSent: 2 };
    const error = await failure(() => timesOf(straightJournal(databases), { id: jobId }, counts, null));
    expect(error.code).toBe('EXPORT_MISMATCH');
  });
});

describe('Histogram', () => {
  it('holds every count, in order, in spans of one width, wherever times fall', () => {
    const entries = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom(...ROW_STATES),
        fc.integer({ min: 1, max: 9 }),
      ),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(entries, (all) => {
        const histogram = new Histogram();
        for (const one of all) histogram.add(...one);
        const buckets = histogram.buckets();
        expect(buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
        for (const [index, { fromMs, counts }] of buckets.entries()) {
          const until = fromMs + histogram.widthS * 1_000;
          expect(buckets[index + 1]?.fromMs ?? until).toBe(until);
          for (const state of ROW_STATES) {
            const expected = all
              .filter(([second, of]) => of === state && second * 1_000 >= fromMs && second * 1_000 < until)
              .reduce((sum, [, , count]) => sum + count, 0);
            expect(counts[state]).toBe(expected);
          }
        }
      }),
      { seed: 4, numRuns: 40 },
    );
  });
});

describe('the HTML of a summary', () => {
  it('escapes anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = escapeHtml(text);
        expect(safe).not.toMatch(/[<>"'\u0000]/u);
        expect(safe.replace(/&(?:amp|lt|gt|quot|#39);/gu, '')).not.toContain('&');
        expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  const EVIL = `</title><script>alert(1)</script><img src=x onerror="1">'&`;

  function report(change: Partial<JobReport> = {}): JobReport {
    const counts = { total: 9, succeeded: 4, failed: 2, unknown: 1, notSent: 2, sending: 0 };
    return {
      job: job({
        accountLabel: EVIL,
        source: { kind: 'file', name: EVIL },
        state: 'paused',
        pauseReason: 'limit',
        pauseText: { zh: EVIL, en: EVIL },
      }),
      counts: { ...counts, byReason: { set_aside: 2 }, byProblem: { duplicate: 2 }, byFailure: { E1: 2 } },
      causes: [
        {
          state: 'failed',
          reason: null,
          failure: { ...vendorFailure('E1', 'state'), message: 'of 13800138000', reading: { zh: EVIL, en: EVIL } },
          problem: null,
          note: null,
          count: 2,
          mended: 0,
          lines: [3, 5],
        },
        {
          state: 'not_sent',
          reason: 'set_aside',
          failure: null,
          problem: { code: 'some.new', message: { zh: '张三', en: 'Zhang San 13800138000' } },
          note: null,
          count: 2,
          mended: 0,
          lines: [7, 8],
        },
      ],
      states: [
        { id: 1, jobId: 12, rowNo: null, atMs: NOW, kind: 'state', data: { state: 'running', reason: null } },
        { id: 2, jobId: 12, rowNo: null, atMs: NOW + 1, kind: 'state', data: { state: 'paused', reason: 'limit' } },
      ],
      runs: [{ beginMs: NOW, endMs: NOW + 1 }],
      times: {
        buckets: [{ fromMs: NOW, counts: { succeeded: 4, failed: 2, unknown: 0, not_sent: 0, sending: 0 } }],
        widthS: 1,
        later: { succeeded: 0, failed: 0, unknown: 1, not_sent: 0, sending: 0 },
        untimed: { succeeded: 0, failed: 0, unknown: 0, not_sent: 2, sending: 0 },
        kept: 0,
      },
      ...change,
    };
  }

  it.each(['en', 'zh-CN'] as const)('has no script, nothing remote, nothing of a customer, in %s', (language) => {
    const text = summaryHtml(report(), NOW, language);
    expect(text).not.toMatch(/<script|<img|onerror="|https?:|13800138000|Zhang San|张三/u);
    expect(text).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
    expect(text).toContain('&lt;/title&gt;&lt;script&gt;');
    expect(text.match(/<h2/gu)).toHaveLength(5);
  });

  it('says each outcome by word, sign and pattern, what is to be done, and what cannot be undone', () => {
    const text = summaryHtml(report(), NOW, 'en');
    for (const [sign, words] of [
      ['✓', 'succeeded'],
      ['✕', 'failed'],
      ['?', 'unknown'],
      ['○', 'not sent'],
    ]) {
      expect(text).toMatch(new RegExp(`sign">[${sign ?? ''}]</span>\\s*${words ?? ''}`, 'u'));
    }
    for (const state of OUTCOMES) expect(text).toContain(`url(#p-${state})`);
    expect(text).toContain('remedy E1');
    expect(text).toContain('4 rows succeeded and cannot be undone from here');
    expect(text).toMatch(/vendor&#39;s limit lasts|limit lasts/u);
    expect(summaryHtml(report({ states: [] }), NOW, 'zh-CN')).toContain('4 行已经成功，本软件无法撤销');
  });

  it('is written whole from the journal, and not at all when the job changes', async () => {
    const jobId = settledJob([{ atMs: NOW, as: 0 }, { atMs: NOW + 61_000, as: 1 }, null]);
    setJobState(databases, { id: jobId, state: 'running', at: new Date(NOW).toISOString() });
    setJobState(databases, { id: jobId, state: 'paused', reason: 'person', at: new Date(NOW + 60_000).toISOString() });
    const [it_, counts] = [getJob(databases, { id: jobId }), getCounts(databases, { jobId })];
    const path = join(folder(), 'job.html');
    const to = { path, language: 'en', nowMs: NOW } as const;
    const wrong = { ...counts, total: counts.total + 1 };
    const error = await failure(() => exportSummary(() => readReport(straightJournal(databases), it_, wrong), to));
    expect([error.code, readdirSync(dirname(path))]).toEqual(['EXPORT_MISMATCH', []]);
    expect(await exportSummary(() => readReport(straightJournal(databases), it_, counts), to)).toEqual({
      path,
      rows: 3,
    });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('Settled after the last run, verified or decided: ✕ failed 1');
    expect(text).toContain('paused by you');
    expect(text).not.toMatch(/\bo[012]-/u);
  });
});
