import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/contract/account.ts';
import type { JobOptions } from '../../src/main/jobs/types.ts';
import { openServices, type Services } from '../../src/main/services.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import { startChild } from '../support/child.ts';
import type { DriverMessage } from '../support/crash-plan.ts';
import { openShop, UPDATING, type Shop, type Updating } from '../support/crash-shop.ts';
import { temporaryFolder } from '../support/journal.ts';
import { addTwinAccount, DATA_WORKER } from '../support/twin-accounts.ts';

let folder: ReturnType<typeof temporaryFolder>;
let services: Services;
let shop: Shop | null = null;

beforeEach(async () => {
  folder = temporaryFolder();
  services = await openServices({
    folder: folder.path,
    mode: 'write',
    worker: DATA_WORKER,
    keychain: createMemoryKeychain(),
  });
});

afterEach(async () => {
  await services.close();
  await shop?.twin.close();
  shop = null;
  folder.remove();
});

/** A job over all orders of a new shop, ready to run. */
async function readyJob(
  vendor: Updating,
  rows: number,
  pacing: Account['pacing'],
  change: Partial<JobOptions> = {},
): Promise<{ shop: Shop; jobId: number }> {
  const made = await openShop(vendor, { seed: 7, rows });
  shop = made;
  const account = await addTwinAccount(services.vault, made.twin, { settings: made.settings, pacing });
  const { operation, params, paste } = made;
  const source = { kind: 'paste', text: paste, name: 'durable' } as const;
  const options = { ...made.options, ...change };
  const { jobId } = await services.jobs.import({ account, operation, params, source, options });
  return { shop: made, jobId };
}

/**
 * States of these orders in a copy of the database and its log. While the two files are copied a reader holds its place in them, so that
 * no checkpoint moves pages from one to the other in between.
 */
function statesInCopy(jobId: number, orders: readonly string[]): string[] {
  const held = new DatabaseSync(join(folder.path, 'journal.db'), { readOnly: true });
  const copy = mkdtempSync(join(tmpdir(), 'order-console-copy-'));
  try {
    held.exec('BEGIN');
    held.prepare('SELECT count(*) FROM job').get();
    for (const name of ['journal.db', 'journal.db-wal']) {
      if (existsSync(join(folder.path, name))) copyFileSync(join(folder.path, name), join(copy, name));
    }
    const db = new DatabaseSync(join(copy, 'journal.db'));
    try {
      const one = db.prepare('SELECT state FROM row WHERE job_id = ? AND order_no = ?');
      return orders.map((order) => String(one.get(jobId, order)?.['state']));
    } finally {
      db.close();
    }
  } finally {
    held.close();
    rmSync(copy, { recursive: true });
  }
}

describe('a claim', () => {
  const SIZES: Record<Updating, { rows: number; requests: number }> = {
    polyv: { rows: 6_500, requests: 7 },
    pdd: { rows: 80, requests: 80 },
    vending: { rows: 80, requests: 80 },
  };

  // Suning has no update: there is no order of its requests that could be sending.
  it.each(UPDATING)('is in the database and its log when the request arrives: %s', async (vendor) => {
    const { rows, requests } = SIZES[vendor];
    const { shop: own, jobId } = await readyJob(vendor, rows, { perSecond: 10_000, concurrency: 8 });
    const found: string[][] = [];
    own.twin.onArrival = (request) => {
      if (own.isUpdate(request)) found.push(statesInCopy(jobId, own.ordersOf(request)));
    };
    expect((await services.jobs.run(jobId)).state).toBe('finished');
    expect(found).toHaveLength(requests);
    expect(found.flat()).toEqual(Array.from({ length: rows }, () => 'sending'));
  });

  it('is written to a log that is flushed at every commit, after an import and while the job runs, too', async () => {
    const { shop: own, jobId } = await readyJob('vending', 10, { perSecond: 10_000, concurrency: 2 });
    const pragmas = [await services.journal.durability()];
    own.twin.onArrival = async () => {
      pragmas.push(await services.journal.durability());
    };
    await services.jobs.run(jobId);
    expect(pragmas).toHaveLength(11);
    for (const found of pragmas) {
      expect(found).toMatchObject({
        journal_mode: 'wal',
        synchronous: 2,
        foreign_keys: 1,
        ...(process.platform === 'darwin' ? { fullfsync: 1, checkpoint_fullfsync: 1 } : {}),
      });
    }
  });
});

describe('a reused connection closed after reading', () => {
  it('shows one arrival, one attempt and a row in doubt', async () => {
    const { shop: own, jobId } = await readyJob('pdd', 6, { perSecond: 10_000, concurrency: 1 });
    own.twin.setFaults([{ kind: 'close_reused', when: { path: own.path, nth: [3] } }]);
    const arrived: string[] = [];
    const reused: boolean[] = [];
    own.twin.onArrival = (request) => {
      arrived.push(...own.ordersOf(request));
      reused.push(request.reusedConnection);
    };
    expect((await services.jobs.run(jobId)).state).toBe('finished');
    // The third reuse is the fourth request; each order came once, in the input's order.
    expect(arrived).toEqual(own.orders);
    expect(reused).toEqual([false, true, true, true, false, true]);
    const rows = await services.journal.call('getRows', { jobId, after: 0, limit: 10 });
    expect(rows.map((row) => [row.state, row.attempts])).toEqual(
      own.orders.map((_, index) => [index === 3 ? 'unknown' : 'succeeded', 1]),
    );
    expect(own.orders.map((order) => own.twin.ledger.acted(order).length)).toEqual([1, 1, 1, 0, 1, 1]);
  });
});

describe('a second process', () => {
  it('sees a running job, cannot write, and cannot become a second writer', async () => {
    const { shop: own, jobId } = await readyJob('vending', 12, { perSecond: 10_000, concurrency: 2 });
    let looked: DriverMessage | undefined;
    let arrivals = 0;
    own.twin.onArrival = async () => {
      arrivals += 1;
      if (arrivals !== 5) return;
      const child = startChild<DriverMessage>('crash-driver.ts', { kind: 'look', folder: folder.path, jobId });
      const end = await child.ended;
      expect(end.stderr.toString('utf8')).toBe('');
      expect(end.code).toBe(0);
      looked = child.messages[0];
    };
    expect((await services.jobs.run(jobId)).state).toBe('finished');
    if (looked?.kind !== 'looked') throw new Error('the second process told nothing');
    expect(Object.values(looked.states).reduce((sum, n) => sum + n, 0)).toBe(12);
    expect(looked.states['sending']).toBeGreaterThan(0);
    expect(looked.refused).toEqual({
      cancelPending: 'DATABASE_FAILED',
      setJobState: 'DATABASE_FAILED',
      recover: 'DATABASE_FAILED',
      secondWriter: 'WRITER_BUSY',
    });
    expect((await services.jobs.get(jobId)).counts).toMatchObject({ total: 12, succeeded: 12, sending: 0 });
  });
});
