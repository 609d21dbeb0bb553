import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packRows } from '../../../src/main/jobs/journal/packed.ts';
import { eraseOld, keepTidy } from '../../../src/main/routes/retention.ts';
import { openServices, type Services } from '../../../src/main/services.ts';
import { TWIN_CREDENTIALS } from '../../../src/main/twins/index.ts';
import { createMemoryKeychain } from '../../../src/main/vault/index.ts';
import { jobSpec, temporaryFolder } from '../../support/journal.ts';
import { orderFacts } from '../../support/orders.ts';
import { addTwinAccount, DATA_WORKER } from '../../support/twin-accounts.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-05-31T12:00:00.000Z');
const KEEP_DAYS = 30;
const daysAgo = (days: number): number => NOW - days * DAY_MS;
const OLD_BUYER = '欧阳小明';
const NEW_BUYER = '诸葛小红';
const OLD_CELL = '浙江省杭州市文三路 1 号';
const NEW_CELL = '北京市朝阳区 2 号';

let folder: ReturnType<typeof temporaryFolder>;
let services: Services;

beforeEach(async () => {
  folder = temporaryFolder();
  services = await openServices({
    folder: folder.path,
    mode: 'write',
    worker: DATA_WORKER,
    keychain: createMemoryKeychain(),
    keepDays: () => KEEP_DAYS,
  });
});
afterEach(async () => {
  await services.close();
  folder.remove();
});

/** A job whose one row has a cell beside its order's number, and which ended so long ago; null: it has not ended. */
async function jobWith(cell: string, endedMs: number | null): Promise<number> {
  const { journal } = services;
  const spec = jobSpec({ header: ['order', 'address'], mapping: { orderNo: 0 } });
  const jobId = await journal.call('createJob', { spec, at: new Date(daysAgo(90)).toISOString(), parentId: null });
  const problem = { code: 'blank', message: { zh: '无', en: 'none' } };
  const rows = packRows([{ line: 2, cells: [`order-${jobId}`, cell], order: `order-${jobId}`, values: null, problem }]);
  await journal.call('addRows', { jobId, firstRowNo: 1, rows });
  await journal.call('finishIntake', { jobId, spec });
  if (endedMs !== null)
    await journal.call('setJobState', { id: jobId, state: 'finished', at: new Date(endedMs).toISOString() });
  return jobId;
}

const cellsOf = async (jobId: number): Promise<readonly string[]> =>
  (await services.journal.call('getRows', { jobId, after: 0, limit: 1 }))[0]?.cells ?? [];

/** Which of some texts stand in the bytes of any file of the data folder. */
function traces(texts: readonly string[]): string[] {
  return readdirSync(folder.path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(folder.path, entry.name));
      return texts.filter((text) => bytes.includes(text));
    });
}

describe('what is erased because it is old', () => {
  it('are orders by when they were read, and cells of jobs by when those ended, to the last byte; nothing else is', async () => {
    const { orders, vault } = services;
    const shop = await addTwinAccount(vault, {
      vendor: 'polyv',
      url: 'http://127.0.0.1:1',
      credentials: TWIN_CREDENTIALS.polyv,
    });
    const buyer = (name: string) => ({ buyer: { name, phone: '13800138000', address: null } });
    // The keeper's own clock is the machine's.
    const realDaysAgo = (days: number): number => Date.now() - days * DAY_MS;
    await orders.put(shop.id, [orderFacts('A1', buyer(OLD_BUYER))], realDaysAgo(KEEP_DAYS + 1));
    await orders.put(shop.id, [orderFacts('A2', buyer(NEW_BUYER))], realDaysAgo(KEEP_DAYS - 1));
    const old = await jobWith(OLD_CELL, daysAgo(KEEP_DAYS + 1));
    const recent = await jobWith(NEW_CELL, daysAgo(KEEP_DAYS - 1));
    const open = await jobWith(NEW_CELL, null);
    expect(traces([OLD_BUYER, OLD_CELL])).not.toEqual([]);

    await eraseOld({ services, keepDays: () => KEEP_DAYS, now: () => NOW });

    expect(await cellsOf(old)).toEqual([`order-${old}`, '']);
    expect(await cellsOf(recent)).toEqual([`order-${recent}`, NEW_CELL]);
    expect(await cellsOf(open)).toEqual([`order-${open}`, NEW_CELL]);
    expect(new Set(traces([OLD_BUYER, OLD_CELL, NEW_BUYER, NEW_CELL]))).toEqual(new Set([NEW_BUYER, NEW_CELL]));
    expect(readFileSync(join(folder.path, 'logs', 'console.log'), 'utf8')).toContain('erased_old');
  });
});

describe('the sweep', () => {
  /** A timer that is let run by hand. */
  function timers(): { later: (run: () => void, ms: number) => NodeJS.Timeout; waits: number[]; run: () => void } {
    const waits: number[] = [];
    let next: () => void = () => undefined;
    const later = (run: () => void, ms: number): NodeJS.Timeout => {
      waits.push(ms);
      next = run;
      return setTimeout(() => undefined, 0);
    };
    return { later, waits, run: () => next() };
  }
  const MINUTE_MS = 60_000;

  it('waits for the start, then for what is at work, and comes again every six hours', async () => {
    const { later, waits, run } = timers();
    let busy = true;
    const job = await jobWith(OLD_CELL, daysAgo(KEEP_DAYS + 1));
    const stop = keepTidy({ services, keepDays: () => KEEP_DAYS, mayErase: () => !busy, now: () => NOW, later });
    expect(waits).toEqual([MINUTE_MS]);
    run();
    expect(waits).toEqual([MINUTE_MS, 5 * MINUTE_MS]);
    expect(await cellsOf(job)).toEqual([`order-${job}`, OLD_CELL]);
    busy = false;
    run();
    await expect.poll(() => waits).toEqual([MINUTE_MS, 5 * MINUTE_MS, 360 * MINUTE_MS]);
    expect(await cellsOf(job)).toEqual([`order-${job}`, '']);
    await stop();
  });

  it('comes again after one that failed, and its end waits for the one under way', async () => {
    const { later, waits, run } = timers();
    let failing = true;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let ended = 0;
    const orders = {
      eraseOld: async (): Promise<number> => {
        if (failing) throw new Error('no room');
        await gate;
        ended += 1;
        return 0;
      },
    } as unknown as Services['orders'];
    const stop = keepTidy({
      services: { ...services, orders },
      keepDays: () => KEEP_DAYS,
      mayErase: () => true,
      now: () => NOW,
      later,
    });
    run();
    await expect.poll(() => waits.length).toBe(2);
    expect(readFileSync(join(folder.path, 'logs', 'console.log'), 'utf8')).toContain('erase_old');
    failing = false;
    run();
    const stopped = stop();
    open();
    await stopped;
    expect([ended, waits.length]).toEqual([1, 2]);
  });
});
