import { createGateway } from '../../../src/main/gateway/gateway.ts';
import type { Gateway, Prepared } from '../../../src/main/gateway/types.ts';
import { Mailbox, type Wish } from '../../../src/main/jobs/mailbox.ts';
import type { JobGateway } from '../../../src/main/jobs/runner/types.ts';
import type { JobService } from '../../../src/main/jobs/service.ts';
import { vendor } from '../../../src/main/vendors/registry.ts';
import { SmallBatches } from '../small-batches.ts';
import type { ModelClock } from './clock.ts';
import type { ModelShop } from './shop.ts';
import { ModelStore, never, type JournalFile } from './store.ts';

/** Wishes of other processes, handed over instead of left in a folder that is looked at four times a second. */
class HandedMailbox extends Mailbox {
  readonly #watchers = new Map<number, (wish: Wish) => void>();

  override async leave(jobId: number, wish: Wish): Promise<void> {
    this.#watchers.get(jobId)?.(wish);
  }

  override async take(): Promise<Wish[]> {
    return [];
  }

  override watch(jobId: number, carryOut: (wish: Wish) => void): () => void {
    this.#watchers.set(jobId, carryOut);
    return () => void this.#watchers.delete(jobId);
  }
}

export interface ConsoleOptions {
  readonly file: JournalFile;
  readonly shop: ModelShop;
  readonly clock: ModelClock;
  readonly batchSize: number;
  /** How long a reply is waited for, of real time. */
  readonly timeoutMs: number;
}

/** One life of the console's process: journal, gateway and jobs on a journal's file. */
export class ModelConsole {
  readonly store: ModelStore;
  readonly jobs: JobService;
  readonly mailbox: Mailbox = new HandedMailbox('');
  readonly #gateway: Gateway;
  #inFlight = 0;
  /** Calls that have their account's slot and whose bytes have not left. */
  readonly #held = new Set<Prepared>();

  constructor({ file, shop, clock, batchSize, timeoutMs }: ConsoleOptions) {
    this.store = new ModelStore(file);
    this.#gateway = createGateway({
      secrets: async () => shop.secrets,
      vendors: vendor,
      now: clock.machineNow,
      steadyNow: clock.trueNow,
      sleep: clock.sleep,
      proxy: () => Promise.reject(new Error('a twin is asked directly')),
      timeouts: { connectMs: 5_000, headersMs: timeoutMs, bodyMs: timeoutMs },
    });
    this.#gateway.pace(shop.account, { perSecond: Infinity });
    this.jobs = new SmallBatches(
      {
        journal: this.store.journal,
        gateway: this.#mortal(),
        account: async () => shop.account,
        mailbox: this.mailbox,
        now: clock.machineNow,
        steadyNow: clock.trueNow,
        sleep: clock.sleep,
      },
      batchSize,
    );
  }

  /** Calls whose bytes may have left and that have not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The process dies: what it left on the disk is the next one's, under this name. A look-up that waits for a slot gets it and ends. */
  abandon(name: string): JournalFile {
    const file = this.store.abandon(name);
    for (const prepared of this.#held) prepared.release();
    this.#held.clear();
    return file;
  }

  /** Ends the connections; to be called when nothing is in flight. */
  disconnect(): Promise<void> {
    return this.#gateway.close();
  }

  /** The gateway of a process that may die: then nothing is sent any more, and no answer comes. */
  #mortal(): JobGateway {
    const gateway = this.#gateway;
    const alive = async <T>(call: () => Promise<T>): Promise<T> => {
      if (this.store.dead) return never();
      this.#inFlight += 1;
      try {
        return await call();
      } finally {
        this.#inFlight -= 1;
        if (this.#isDead()) await never();
      }
    };
    return {
      prepare: async (...args) => {
        if (this.store.dead) return never();
        const prepared = await gateway.prepare(...args);
        if (this.#isDead()) {
          prepared.release();
          return never();
        }
        this.#held.add(prepared);
        return prepared;
      },
      update: (prepared, ...rest) => {
        this.#held.delete(prepared);
        return alive(() => gateway.update(prepared, ...rest));
      },
      lookup: (...args) => alive(() => gateway.lookup(...args)),
      vendorNow: (account) => gateway.vendorNow(account),
    };
  }

  /** Asked anew after a wait, in which the process may have died. */
  #isDead(): boolean {
    return this.store.dead;
  }
}
