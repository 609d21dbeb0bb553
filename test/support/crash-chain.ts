import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../../src/contract/account.ts';
import type { VendorId } from '../../src/contract/vendor.ts';
import { JobService } from '../../src/main/jobs/service.ts';
import type { JobCounts, JournalRow } from '../../src/main/jobs/types.ts';
import { openServices, type Services } from '../../src/main/services.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { FaultRule, Twin, TwinHook } from '../../src/main/twins/index.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { startChild, type Child } from './child.ts';
import type { DriverMessage, DriverPlan, OwnKill } from './crash-plan.ts';
import { openShop, suningWeek, type Shop, type Updating } from './crash-shop.ts';
import { temporaryFolder } from './journal.ts';
import { random, type Random } from './random.ts';
import { addTwinAccount, credentialsOf, DATA_WORKER } from './twin-accounts.ts';

export const PHASES = ['claim', 'write', 'reply', 'commit'] as const;
export type Phase = (typeof PHASES)[number];

/** One wished-for kill: `of` is the vendor whose call it falls on; a Suning one falls on a lookup while the job of another runs. */
export interface Wish {
  readonly of: VendorId;
  readonly phase: Phase;
  /** How often it was tried without finding the moment. */
  readonly tries: number;
}

/** A kill that hit a row that was `sending`, and what became of the rows it left in doubt. */
export interface Kill {
  readonly wish: Wish;
  readonly point: string;
  /** Orders that were `sending` in the database after the kill, before recovery. */
  readonly sending: ReadonlySet<string>;
  /** Rows that the next opening's recovery made unknown. */
  recovered: number;
  /** Of those, how many the vendor had acted on. */
  readonly acted: number;
}

/** How a chain ended: kills that count, wishes that were not met, and the broken promises, in words. */
export interface ChainResult {
  readonly kills: readonly Kill[];
  readonly unmet: readonly Wish[];
  readonly violations: readonly string[];
  readonly rows: readonly JournalRow[];
  readonly counts: JobCounts;
  /** Lookups that reached Suning's twin. */
  readonly lookups: number;
  readonly acted: number;
}

interface ParentKill {
  readonly twin: 'job' | 'suning';
  readonly hook: 'onArrival' | 'onActed' | 'afterReply';
  readonly nth: number;
  /** Of a kill on arrival: whether the vendor acts on the request all the same. */
  readonly acts: boolean;
}

type Point = { readonly by: 'itself'; readonly kill: OwnKill } | { readonly by: 'parent'; readonly kill: ParentKill };

/** Rows of one chain's job. Polyv's go out by the thousand. */
const ROWS: Record<Updating, number> = { polyv: 4_000, pdd: 300, vending: 300 };

function pointOf(wish: Wish, vendor: Updating, rnd: Random): Point {
  // A wish that found no moment is tried earlier: the job may have had fewer transactions than that.
  const upTo = (most: number): number => rnd.whole(1, Math.max(1, most >> wish.tries));
  const few = vendor === 'polyv';
  if (wish.of === 'suning') {
    const hook = wish.phase === 'write' ? 'onArrival' : rnd.pick(['onActed', 'afterReply'] as const);
    return { by: 'parent', kill: { twin: 'suning', hook, nth: upTo(4), acts: true } };
  }
  switch (wish.phase) {
    case 'claim': {
      const at = rnd.pick(['answered', 'answered', { microseconds: rnd.whole(50, 1_500) }] as const);
      return { by: 'itself', kill: { on: 'claim', nth: upTo(few ? 2 : 24), at } };
    }
    case 'commit': {
      const at = rnd.pick(['before', 'answered', { microseconds: rnd.whole(50, 1_500) }] as const);
      return { by: 'itself', kill: { on: 'commit', nth: upTo(few ? 3 : 24), at } };
    }
    case 'write':
      return {
        by: 'parent',
        kill: { twin: 'job', hook: 'onArrival', nth: upTo(few ? 4 : 60), acts: rnd.next() < 0.5 },
      };
    case 'reply': {
      const hook = rnd.pick(['onActed', 'afterReply'] as const);
      return { by: 'parent', kill: { twin: 'job', hook, nth: upTo(few ? 4 : 60), acts: true } };
    }
  }
}

/** What the files of a data folder say of its rows, read from a copy, so that nothing in the folder changes. */
export function rowsOnDisk(folder: string, jobId: number): { order: string; state: string; attempts: number }[] {
  const copy = mkdtempSync(join(tmpdir(), 'order-console-copy-'));
  try {
    for (const name of ['journal.db', 'journal.db-wal']) {
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
    }
    const db = new DatabaseSync(join(copy, 'journal.db'));
    try {
      const found = db.prepare('SELECT order_no, state, attempts FROM row WHERE job_id = ?').all(jobId);
      return found.map((row) => ({
        order: String(row['order_no']),
        state: String(row['state']),
        attempts: Number(row['attempts']),
      }));
    } finally {
      db.close();
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Follows every update request that reaches the twin, and kills when the armed one comes. */
class Watch {
  /** How many whole requests that name an order arrived. */
  readonly arrivals = new Map<string, number>();
  #open = 0;
  #armed: { readonly hook: ParentKill['hook']; nth: number; readonly kill: () => Promise<unknown> } | null = null;

  /** `shop` null: lookups are watched, of which only those count for a kill that meet an update under way at `beside`. */
  constructor(twin: Twin, shop: Shop | null, beside: Watch | null = null) {
    const counted = (hook: ParentKill['hook'], change: number): TwinHook => {
      return async (request) => {
        if (shop !== null && !shop.isUpdate(request)) return;
        this.#open += change;
        if (hook === 'onArrival' && shop !== null) {
          for (const order of shop.ordersOf(request)) this.arrivals.set(order, (this.arrivals.get(order) ?? 0) + 1);
        }
        const armed = this.#armed;
        if (armed?.hook !== hook || (beside !== null && beside.#open === 0)) return;
        armed.nth -= 1;
        if (armed.nth === 0) await armed.kill();
      };
    };
    twin.onArrival = counted('onArrival', 1);
    twin.onActed = counted('onActed', 0);
    twin.afterReply = counted('afterReply', -1);
  }

  arm(point: Point, twin: ParentKill['twin'], kill: () => Promise<unknown>): void {
    const ours = point.by === 'parent' && point.kill.twin === twin;
    this.#armed = ours ? { hook: point.kill.hook, nth: point.kill.nth, kill } : null;
  }

  /** Resolves when every request that had arrived has been dealt with; to be called when its client is dead. */
  async settled(): Promise<void> {
    this.#armed = null;
    for (let calm = 0; calm < 3; calm = this.#open === 0 ? calm + 1 : 0) await wait(5);
  }
}

/** A job on a data folder of its own that is killed and resumed, kill after kill, and then resumed to its end. */
class Chain {
  readonly #rnd: Random;
  readonly #shop: Shop;
  readonly #suning: Twin | null;
  readonly #watch: Watch;
  readonly #suningWatch: Watch | null;
  readonly #folder = temporaryFolder();
  readonly #secrets: Record<string, Values> = {};
  readonly #kills: Kill[] = [];
  readonly #unmet: Wish[] = [];
  readonly #violations: string[] = [];
  #suningAccount: Account | null = null;
  #jobId = 0;

  constructor(rnd: Random, shop: Shop, suning: Twin | null) {
    this.#rnd = rnd;
    this.#shop = shop;
    this.#suning = suning;
    this.#watch = new Watch(shop.twin, shop);
    this.#suningWatch = suning === null ? null : new Watch(suning, null, this.#watch);
  }

  async run(wishes: readonly Wish[]): Promise<ChainResult> {
    try {
      await this.#import();
      let over = false;
      for (const wish of wishes) {
        if (over) this.#unmet.push(wish);
        else over = await this.#killOnce(wish);
      }
      return await this.#resumeToTheEnd();
    } finally {
      await this.#shop.twin.close();
      await this.#suning?.close();
      this.#folder.remove();
    }
  }

  #open(): Promise<Services> {
    const keychain = createMemoryKeychain();
    return openServices({ folder: this.#folder.path, mode: 'write', worker: DATA_WORKER, keychain });
  }

  async #import(): Promise<void> {
    const { twin, settings, operation, params, options, paste } = this.#shop;
    const services = await this.#open();
    const concurrency = this.#shop.vendor === 'polyv' ? this.#rnd.whole(2, 3) : 8;
    const pacing = { perSecond: 10_000, concurrency };
    const account = await addTwinAccount(services.vault, twin, { settings, pacing });
    this.#secrets[account.id] = credentialsOf(account.vendor, twin.credentials).secrets;
    if (this.#suning !== null) {
      this.#suningAccount = await addTwinAccount(services.vault, this.#suning, { pacing });
      this.#secrets[this.#suningAccount.id] = credentialsOf('suning', this.#suning.credentials).secrets;
    }
    const source = { kind: 'paste', text: paste, name: 'crash' } as const;
    const imported = await services.jobs.import({ account, operation, params, source, options });
    this.#jobId = imported.jobId;
    await services.close();
  }

  /** Starts the job in a process of its own and has it killed; true when the job ended before that. */
  async #killOnce(wish: Wish): Promise<boolean> {
    const point = pointOf(wish, this.#shop.vendor, this.#rnd);
    this.#setFaults(point);
    const plan: DriverPlan = {
      kind: 'run',
      folder: this.#folder.path,
      jobId: this.#jobId,
      secrets: this.#secrets,
      kill: point.by === 'itself' ? point.kill : null,
      lookup:
        this.#suningAccount === null
          ? null
          : { accountId: this.#suningAccount.id, params: suningWeek(this.#suning?.now() ?? 0) },
    };
    const child: Child<DriverMessage> = startChild<DriverMessage>('crash-driver.ts', plan);
    this.#watch.arm(point, 'job', child.kill);
    this.#suningWatch?.arm(point, 'suning', child.kill);
    const end = await child.ended;
    await this.#watch.settled();
    await this.#suningWatch?.settled();
    this.#noteRecovery(child.messages);
    if (end.signal !== 'SIGKILL') {
      if (end.code !== 0) throw new Error(`the driver failed: ${end.stderr.toString('utf8')}`);
      this.#unmet.push(wish);
      return true;
    }
    this.#judgeKill(wish, `${wish.of} ${JSON.stringify(point)}`);
    return false;
  }

  /** Replies come at different times, so that lanes drift apart; an order may fail its batch; a request may come and not be acted on. */
  #setFaults(point: Point): void {
    const { twin, path, orders, settings } = this.#shop;
    const faults: FaultRule[] = [{ kind: 'latency', when: { path, probability: 0.6 }, ms: this.#rnd.whole(1, 12) }];
    if ('atomicFailureText' in settings) {
      faults.push({ kind: 'unknown_order', when: { path, orders: orders.filter((_, index) => index % 1_700 === 42) } });
    }
    if (point.by === 'parent' && point.kill.twin === 'job' && !point.kill.acts) {
      faults.push({ kind: 'reset_before', when: { path, nth: [point.kill.nth] } });
    }
    twin.setFaults(faults);
  }

  #noteRecovery(messages: readonly DriverMessage[]): void {
    const opened = messages.find((message) => message.kind === 'opened');
    if (opened !== undefined) this.#recovered(opened.recovered?.inDoubt[this.#jobId] ?? 0);
  }

  #recovered(rows: number): void {
    const last = this.#kills.at(-1);
    if (last !== undefined && last.recovered < 0) last.recovered = rows;
    else if (rows !== 0) this.#violations.push(`${rows} rows recovered without a kill`);
  }

  /** Compares the journal as the kill left it with the twin's ledger, and counts the kill when a row was `sending`. */
  #judgeKill(wish: Wish, point: string): void {
    const rows = rowsOnDisk(this.#folder.path, this.#jobId);
    if (rows.length !== this.#shop.orders.length) this.#violations.push(`${rows.length} rows after ${point}`);
    for (const row of rows) this.#judgeRow(row, point);
    const sending = new Set(rows.filter((row) => row.state === 'sending').map((row) => row.order));
    if (sending.size === 0) {
      this.#unmet.push(wish);
      return;
    }
    const { ledger } = this.#shop.twin;
    const acted = [...sending].filter((order) => ledger.acted(order).length > 0).length;
    this.#kills.push({ wish, point, sending, recovered: -1, acted });
  }

  #judgeRow(row: { order: string; state: string; attempts: number }, where: string): void {
    const acted = this.#shop.twin.ledger.acted(row.order).length;
    const arrived = this.#watch.arrivals.get(row.order) ?? 0;
    const say = (what: string): number => this.#violations.push(`${row.order} ${what}, after ${where}`);
    if (acted > 1) say(`acted on ${acted} times`);
    if (acted > 0 && row.state === 'not_sent') say('acted on, and the journal calls it not sent');
    if (acted > 0 && row.state === 'failed') say('acted on, and the journal calls it failed');
    if (acted === 0 && row.state === 'succeeded') say('not acted on, and the journal calls it succeeded');
    if (arrived > row.attempts) say(`arrived ${arrived} times in ${row.attempts} attempts`);
    // Only a batch that failed whole, which acts on nothing, is sent again without being asked.
    if (arrived > 1 && !('atomicFailureText' in this.#shop.settings)) say(`arrived ${arrived} times`);
  }

  async #resumeToTheEnd(): Promise<ChainResult> {
    this.#setFaults({ by: 'itself', kill: { on: 'claim', nth: 0, at: 'before' } });
    const services = await this.#open();
    this.#recovered(services.recovered?.inDoubt[this.#jobId] ?? 0);
    for (const [id, secrets] of Object.entries(this.#secrets)) await services.vault.replaceSecrets(id, secrets);
    const { journal, gateway, vault, mailbox } = services;
    const before = await journal.call('getJob', { id: this.#jobId });
    if (this.#kills.length > 0 && this.#unmet.length === 0 && before.pauseReason !== 'crash') {
      this.#violations.push(`after a kill the job is ${before.state}, ${before.pauseReason ?? 'without a reason'}`);
    }
    // Readings that must lie a minute apart: the clocks are moved on instead.
    let passedMs = 0;
    const jobs = new JobService({
      journal,
      gateway: {
        prepare: (...args) => gateway.prepare(...args),
        update: (...args) => gateway.update(...args),
        lookup: (...args) => gateway.lookup(...args),
        vendorNow: (account) => gateway.vendorNow(account) + passedMs,
      },
      account: (id) => vault.get(id),
      mailbox,
      sleep: async (ms) => void (passedMs += ms),
    });
    const end = await jobs.run(this.#jobId);
    if (end.state !== 'finished') this.#violations.push(`the resumed job ended ${end.state}: ${end.text?.en ?? ''}`);
    await jobs.verify(this.#jobId, { waitMs: 600_000 });
    const { counts } = await jobs.get(this.#jobId);
    const rows: JournalRow[] = [];
    for (let after = 0; after < this.#shop.orders.length; after += 2_000) {
      rows.push(...(await journal.call('getRows', { jobId: this.#jobId, after, limit: 2_000 })));
    }
    await services.close();
    for (const row of rows) this.#judgeRow(row, 'the end');
    return {
      kills: this.#kills,
      unmet: this.#unmet,
      violations: this.#violations,
      rows,
      counts,
      lookups: this.#suning?.ledger.totals.arrivals ?? 0,
      acted: this.#shop.twin.ledger.totals.actions,
    };
  }
}

/** Runs one chain: a job of `vendor` that is killed once for each wish, in turn, resumed after each, and ended. */
export async function runChain(vendor: Updating, seed: number, wishes: readonly Wish[]): Promise<ChainResult> {
  const rnd = random(seed);
  const lookups = seed % 3 === 0 || wishes.some((wish) => wish.of === 'suning');
  const shop = await openShop(vendor, {
    seed,
    rows: ROWS[vendor],
    lists: rnd.next() < 0.5,
    halving: vendor === 'polyv' && rnd.next() < 0.4,
    readBefore: rnd.next() < 0.5,
  });
  const suning = lookups ? await startTwin('suning', { seed, orders: 20_000, latencyMs: 1 }) : null;
  return new Chain(rnd, shop, suning).run(wishes);
}
