// A disk without room and a database that another program holds, both real: SQLite's own refusals.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoreClient } from '../../../../src/main/store/client.ts';
import type { SmallDiskProcedures } from '../../../support/small-disk.ts';
import { sums, TestJournal } from '../runner/support.ts';
import { acted, openRig, WaitList, type Rig } from './rig.ts';

let journal: TestJournal;
let rig: Rig;
beforeAll(async () => {
  journal = await TestJournal.start(new URL('../../../support/small-disk.ts', import.meta.url), { busyMs: 20 });
});
afterEach(async () => {
  await roomFor(null);
  await rig.close();
});
afterAll(() => journal.close());

const roomFor = (pages: number | null): Promise<void> =>
  (journal.plain as unknown as StoreClient<SmallDiskProcedures>).call('roomFor', { pages });

async function whole(jobId: number, rows: number): Promise<void> {
  const { counts } = await rig.service.get(jobId);
  expect(sums(counts), JSON.stringify(counts)).toBe(true);
  expect(counts).toMatchObject({ total: rows, succeeded: rows });
  expect(acted(rig.twin)).toEqual({ orders: rows, most: 1 });
}

describe('a disk that fills up while a job runs', () => {
  it('pauses it for that; with room again what is known is written and the rest sent, each once', async () => {
    rig = await openRig(journal, 400, { concurrency: 4 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.onArrival = async () => {
      if (++arrivals === 60) await roomFor(0);
    };
    const heard = new WaitList();
    heard.then = async (waiting, nth) => {
      expect(waiting.text?.en).toMatch(/disk is full/);
      if (nth === 3) await roomFor(null);
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    await heard.settled();
    expect(heard.reasons).toEqual(['disk_full']);
    await whole(jobId, 400);
  });

  it('holds an intake up, which goes on with every row when there is room', async () => {
    rig = await openRig(journal, 3_000);
    await roomFor(2);
    const waits: (string | null)[] = [];
    const jobId = await rig.job((reason) => {
      waits.push(reason);
      if (waits.length === 3) void roomFor(null);
    });
    expect(waits).toContain('disk_full');
    expect(waits.at(-1)).toBeNull();
    expect((await rig.service.get(jobId)).counts).toMatchObject({ total: 3_000, byReason: { pending: 3_000 } });
  });
});

describe('a database that another program holds', () => {
  it('pauses the job, sends nothing meanwhile, and goes on when it is freed', async () => {
    rig = await openRig(journal, 40, { concurrency: 2 });
    const jobId = await rig.job();
    const other = new DatabaseSync(join(journal.folder, 'journal.db'));
    let arrivals = 0;
    let held = 0;
    rig.twin.onArrival = () => {
      if (++arrivals !== 10) return;
      other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    };
    const heard = new WaitList();
    heard.then = (waiting, nth) => {
      expect(waiting.reason).toBe('database_busy');
      if (nth === 1) held = arrivals;
      if (nth !== 3) return;
      expect(arrivals).toBe(held);
      other.exec('ROLLBACK');
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    await heard.settled();
    other.close();
    expect(heard.reasons).toEqual(['database_busy']);
    await whole(jobId, 40);
  });
});
