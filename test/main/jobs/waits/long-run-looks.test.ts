// Each thing that a run waits for, by runs and looks that end as the test says; whole runs are in long-run.test.ts.
import { describe, expect, it } from 'vitest';
import { PAUSE_REASONS } from '../../../../src/contract/job.ts';
import type { Bilingual } from '../../../../src/contract/text.ts';
import type { PingEnd } from '../../../../src/main/gateway/types.ts';
import type { RunEnd } from '../../../../src/main/jobs/runner/types.ts';
import type { PauseReason } from '../../../../src/main/jobs/types.ts';
import { isPassing } from '../../../../src/main/jobs/waits/long-run.ts';
import { vendor } from '../../../../src/main/vendors/registry.ts';
import type { VendorDefinition } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { errorOf, WHY } from '../runner/support.ts';
import { FINISHED, later, paused, Scripted, TEXT, textOf, type Look, type Run } from './scripted.ts';

describe('what a run does at the end of a run', () => {
  it.each(PAUSE_REASONS)('a pause for %s passes by itself or is the person’s', async (reason) => {
    const passes = ['sleep', 'network', 'vendor_block', 'clock_changed', 'disk_full', 'database_busy'];
    expect(isPassing(reason)).toBe(passes.includes(reason));
    const it_ = new Scripted([paused(reason)]);
    expect(await it_.run.run()).toEqual(passes.includes(reason) ? FINISHED : paused(reason));
    expect(it_.waits.length > 0).toBe(passes.includes(reason));
    expect(it_.run.waiting).toBeNull();
  });

  it.each<[string, RunEnd]>([
    ['finished', FINISHED],
    ['cancelled', { state: 'cancelled', reason: null, text: null }],
    ['paused for nothing', { state: 'paused', reason: null, text: null }],
  ])('ends where it is %s', async (_, end) => {
    const it_ = new Scripted([end]);
    expect(await it_.run.run()).toEqual(end);
    expect([it_.waits, it_.log]).toEqual([[], []]);
  });

  it.each<[string, number | null | undefined, (number | null | undefined)[], RunEnd]>([
    ['of the first rows that are left', 5, [5, 2], FINISHED],
    ['of no more than was asked for', 3, [3], { state: 'paused', reason: 'first_rows', text: null }],
    ['of no less than nothing', 2, [2], { state: 'paused', reason: 'first_rows', text: null }],
    ['of all', null, [null, null], FINISHED],
    ['of what the job says', undefined, [undefined, undefined], FINISHED],
  ])('makes the next one %s', async (_, firstRows, runs, end) => {
    const first: Run = (tell) => (tell(10, 0), tell(9, 1), paused('network'));
    const it_ = new Scripted([first], { firstRows });
    it_.pending = 7;
    expect(await it_.run.run()).toEqual(end);
    expect(it_.firstRows).toEqual(runs);
    if (end !== FINISHED) expect(it_.log).toEqual(['paused first_rows -']);
  });

  it('leaves a pause that is the person’s as it is, whatever rows are left', async () => {
    const it_ = new Scripted([(tell) => (tell(1, 0), paused('sign'))], { firstRows: 1 });
    expect(await it_.run.run()).toEqual(paused('sign'));
    expect(it_.log).toEqual([]);
  });

  const down = errorOf('INTERNAL');
  it('asks whether the vendor can be reached where calls broke off', async () => {
    const broken = paused('unknown_in_row', { maybeNetwork: true });
    const reached = new Scripted([broken]);
    expect(await reached.run.run()).toEqual(broken);
    expect(reached.log).toEqual(['reach']);
    const lost = new Scripted([broken]);
    lost.reach = [down, null];
    expect(await lost.run.run()).toEqual(FINISHED);
    expect(lost.log).toEqual(['reach', `paused network ${textOf(down).en}`, 'reach', 'reconnect']);
    expect(lost.waits[0]).toMatchObject({ reason: 'network', text: textOf(down) });
  });

  it('holds a reason that cannot be journalled all the same', async () => {
    const it_ = new Scripted([(tell) => (tell(1, 0), paused('network'))], {
      firstRows: 1,
      setPaused: () => Promise.reject(down),
    });
    expect(await it_.run.run()).toMatchObject({ reason: 'first_rows' });
    expect(it_.logged).toEqual([down]);
  });

  it.each<[string, readonly Run[], boolean]>([
    ['a disk that is full before the first run began', [errorOf('DISK_FULL')], false],
    ['another failure', [(tell) => (tell(1, 0), Promise.reject(errorOf('JOB_STATE')))], false],
    ['a mistake of ours', [(tell) => (tell(1, 0), Promise.reject(new TypeError('x')))], false],
    ['a disk that fills up within a run', [(tell) => (tell(1, 0), Promise.reject(errorOf('DISK_FULL')))], true],
    ['a disk that is full before a later run', [paused('network'), errorOf('DISK_FULL')], true],
  ])('is the caller’s or waits, for %s', async (_, runs, waits) => {
    const it_ = new Scripted(runs);
    if (!waits) {
      await expect(it_.run.run()).rejects.toThrow();
      expect(it_.logged).toEqual([]);
      return;
    }
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.logged).toMatchObject([{ code: 'DISK_FULL' }]);
    const seen = it_.waits.findLast((one) => one !== null);
    expect(seen).toMatchObject({ reason: 'disk_full', text: textOf(errorOf('DISK_FULL')) });
  });
});

describe('a vendor that asks to wait', () => {
  const block = paused('vendor_block');
  const until = (it_: Scripted, seconds: number): void =>
    it_.around.blocked('shop', { until: it_.time.steadyNow() + seconds * 1_000, text: TEXT });

  it('is waited for just as long, and longer where it says so meanwhile', async () => {
    const it_ = new Scripted([block]);
    it_.around.blocked('other', { until: Infinity, text: TEXT });
    until(it_, 90);
    it_.onWait = (_, nth) => nth === 1 && void later(() => until(it_, 100));
    const from = it_.time.now();
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.seconds).toEqual([90, 10]);
    expect(it_.waits).toEqual([
      { reason: 'vendor_block', text: TEXT, sinceMs: from, nextMs: from + 90_000 },
      { reason: 'vendor_block', text: TEXT, sinceMs: from, nextMs: from + 100_000 },
      null,
    ]);
    expect(it_.log).toEqual([]);
  });

  it('is not waited for once that is over', async () => {
    const it_ = new Scripted([block, block]);
    until(it_, -1);
    expect(await it_.run.run()).toEqual(FINISHED);
    expect([it_.seconds, it_.waits.map((one) => one?.nextMs)]).toEqual([
      [],
      [it_.time.now(), undefined, it_.time.now(), undefined],
    ]);
  });

  const lasts: Bilingual = {
    zh: '供应商一再要求等待，其间没有一行被处理。',
    en: 'The vendor asked to wait again and again, and did nothing between.',
  };
  it('is the person’s at the sixth time with nothing done between', async () => {
    const it_ = new Scripted(Array.from({ length: 6 }, () => block));
    expect(await it_.run.run()).toEqual({ state: 'paused', reason: 'limit', text: lasts });
    expect(it_.log).toEqual([`paused limit ${lasts.en}`]);
    expect(await new Scripted(Array.from({ length: 5 }, () => block)).run.run()).toEqual(FINISHED);
  });

  it.each<[string, Run, RunEnd['state']]>([
    ['a row was done', (tell) => (tell(3, 4), tell(2, 5), block), 'finished'],
    ['no row was done', (tell) => (tell(3, 5), tell(3, 5), block), 'paused'],
    ['the rows done were done before', (tell) => (tell(3, 5), block), 'paused'],
  ])('counts from anew where %s', async (_, between, state) => {
    const it_ = new Scripted([block, block, block, between, block, block, block]);
    expect((await it_.run.run()).state).toBe(state);
  });
});

describe('a network that is lost', () => {
  it('is looked at ever more seldom, and told as it is seen', async () => {
    const why = errorOf('INTERNAL');
    const it_ = new Scripted([paused('network')]);
    it_.reach = [why, why, null];
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.seconds).toEqual([1, 2, 4]);
    expect(it_.waits.map((one) => one?.text)).toEqual([TEXT, textOf(why), textOf(why), undefined]);
    expect(it_.log).toEqual(['reach', 'reach', 'reach', 'reconnect']);
  });

  it('is looked at at once, and from the first again, when something changes', async () => {
    const it_ = new Scripted([paused('network')]);
    it_.reach = [...Array.from({ length: 3 }, () => errorOf('INTERNAL')), null];
    it_.onWait = (_, nth) => nth === 3 && void later(() => it_.around.changed());
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.seconds).toEqual([1, 2, 4, 2]);
  });

  it('is looked at as seldom as before where it is lost again with nothing done between', async () => {
    const lost = (between: Run): Scripted => {
      const it_ = new Scripted([paused('network'), between]);
      it_.reach = [errorOf('INTERNAL'), null];
      return it_;
    };
    const idle = lost(paused('network'));
    const busy = lost((tell) => (tell(3, 0), tell(2, 1), paused('network')));
    expect([await idle.run.run(), await busy.run.run()]).toEqual([FINISHED, FINISHED]);
    expect([idle.seconds, busy.seconds]).toEqual([
      [1, 2, 2],
      [1, 2, 1],
    ]);
  });

  it('is given the time alone where nothing can be looked at', async () => {
    const it_ = new Scripted([paused('network'), paused('sleep')], { way: null });
    expect(await it_.run.run()).toEqual(FINISHED);
    expect([it_.seconds, it_.log]).toEqual([[1], []]);
  });
});

describe('a machine that slept, or whose clock was set', () => {
  const noPing: VendorDefinition = { ...vendor('vending'), operations: [] };

  it.each(['sleep', 'clock_changed'] as const)(
    '(%s) takes new connections and learns the time anew',
    async (reason) => {
      const it_ = new Scripted([paused(reason)]);
      expect(await it_.run.run()).toEqual(FINISHED);
      expect([it_.log, it_.seconds]).toEqual([['reconnect', 'reach', 'ping'], []]);
      const without = new Scripted([paused(reason)], { vendor: noPing });
      expect(await without.run.run()).toEqual(FINISHED);
      expect(without.log).toEqual(['reconnect', 'reach']);
    },
  );

  const failed = (failureClass: Parameters<typeof failure>[1]): PingEnd => ({
    ok: false,
    failure: failure('F', failureClass),
  });
  const strange: PingEnd = { ok: false, why: WHY };

  it.each<[string, Look<PingEnd>[], string[], number[], (string | undefined)[]]>([
    ['once a strange answer is none', [strange, { ok: true, clockOffsetMs: 1 }], ['ping', 'ping'], [2], ['no answer']],
    ['after three strange answers', [strange], ['ping', 'ping', 'ping'], [2, 4], ['no answer', 'no answer']],
    [
      'once the vendor answers',
      [failed('transport'), failed('transport'), { ok: true, clockOffsetMs: 1 }],
      ['ping', 'ping', 'ping'],
      [2, 4],
      ['reading F', 'reading F'],
    ],
    ['where the vendor refuses for another reason', [failed('sign')], ['ping'], [], []],
    ['where nothing can be asked', [new Error('vault')], ['ping'], [], []],
  ])('goes on %s', async (_, ping, pings, seconds, texts) => {
    const it_ = new Scripted([paused('clock_changed')]);
    it_.ping = ping;
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.log.filter((one) => one === 'ping')).toEqual(pings);
    expect(it_.log.filter((one) => one === 'reconnect')).toHaveLength(1);
    expect(it_.seconds).toEqual(seconds);
    expect(it_.waits.slice(1, -1).map((one) => one?.text?.en)).toEqual(texts);
    expect(it_.logged).toEqual(ping[0] instanceof Error ? [ping[0]] : []);
  });

  it('waits for the network first', async () => {
    const it_ = new Scripted([paused('sleep')]);
    it_.reach = [errorOf('INTERNAL'), null];
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.log).toEqual(['reconnect', 'reach', 'reach', 'ping']);
    expect(it_.waits[1]?.text).toEqual(textOf(errorOf('INTERNAL')));
  });

  it('is the person’s where the clock is wrong', async () => {
    const it_ = new Scripted([paused('clock_changed')]);
    it_.ping = [failed('clock')];
    expect(await it_.run.run()).toEqual({ state: 'paused', reason: 'clock', text: failure('F').reading });
    expect(it_.log.at(-1)).toBe('paused clock reading F');
  });

  it.each(['sleep', 'clock_changed'] as const)(
    '(%s) is looked at at once, however long it waited before',
    async (reason) => {
      const it_ = new Scripted([paused('network'), paused(reason)]);
      it_.reach = [errorOf('INTERNAL'), errorOf('INTERNAL'), null];
      expect(await it_.run.run()).toEqual(FINISHED);
      expect(it_.seconds).toEqual([1, 2, 4]);
      expect(it_.log).toEqual(['reach', 'reach', 'reach', 'reconnect', 'reconnect', 'reach', 'ping']);
    },
  );

  it('is taken for awake a minute later, where nothing says that it is', async () => {
    const it_ = new Scripted([paused('sleep')]);
    it_.around.suspended();
    it_.onWait = (_, nth) => nth === 1 && void later(() => it_.around.changed());
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.waits.map((one) => one?.nextMs)).toEqual([null, null, undefined]);
    expect([it_.seconds, it_.around.asleep]).toEqual([[60, 60], false]);
    expect(it_.log.at(-1)).toBe('ping');
  });
});

describe('a journal that cannot be written', () => {
  it.each<[PauseReason, Error, string, Bilingual | null]>([
    ['disk_full', errorOf('DATABASE_FAILED'), 'storage', textOf(errorOf('DATABASE_FAILED'))],
    ['database_busy', errorOf('JOB_STATE'), 'internal', textOf(errorOf('JOB_STATE'))],
    ['disk_full', new Error('odd'), 'internal', null],
  ])('(%s) for another reason (%s) is the person’s', async (reason, error, over, text) => {
    const it_ = new Scripted([paused(reason)]);
    it_.write = [error];
    expect(await it_.run.run()).toEqual({ state: 'paused', reason: over, text });
    expect([it_.logged, it_.log]).toEqual([[error], ['write', `paused ${over} ${text?.en ?? '-'}`]]);
  });

  it('for want of room is the person’s after ten minutes', async () => {
    const it_ = new Scripted([paused('disk_full')]);
    const full = errorOf('DISK_FULL');
    it_.write = [full];
    expect(await it_.run.run()).toEqual({ state: 'paused', reason: 'disk_full', text: textOf(full) });
    expect(it_.seconds).toEqual([1, 2, 4, 8, 16, 32, ...Array.from({ length: 9 }, () => 60)]);
    expect([it_.logged, it_.waits[1]?.text]).toEqual([[], textOf(full)]);
  });

  it('for another program is waited for as long as it takes', async () => {
    const it_ = new Scripted([paused('database_busy')]);
    it_.write = [...Array.from({ length: 20 }, () => errorOf('DATABASE_BUSY')), undefined];
    expect(await it_.run.run()).toEqual(FINISHED);
    expect([it_.log.length, it_.logged]).toEqual([21, []]);
  });
});
