import {
  MOST_CLAIMS,
  type ClaimEntry,
  type ClaimResult,
  type DecideEntry,
  type JournalEntry,
  type SettleEntry,
} from '../journal/calls.ts';

/** Most entries of one transaction: enough to share one flush, few enough to keep it short. */
const MOST_ENTRIES = 256;
/** Transactions under way: while one is flushed, the next lies ready and the calls of the one before are on the wire. */
const MOST_WRITING = 2;

export type Apply = (entries: readonly JournalEntry[]) => Promise<(ClaimResult | null)[]>;

interface Queued {
  readonly entry: JournalEntry;
  resolve(result: ClaimResult | null): void;
  reject(error: Error): void;
}

/**
 * Commits what many lanes write together, in their order: transactions of up to 32 claims, one of which is being written while the next
 * lies ready. What comes meanwhile gathers in the one after. A settle that could not be written is kept, for its call has already been made.
 */
export class Committer {
  readonly #apply: Apply;
  #queue: Queued[] = [];
  #gathering = false;
  /** Transactions that the journal has been given and has not answered. */
  #writing = 0;
  #unsaved: SettleEntry[] = [];
  #idle: (() => void)[] = [];

  constructor(apply: Apply) {
    this.#apply = apply;
  }

  /** Resolves when the claim is durable, or refused. Rejects when the journal cannot be written: then nothing may be sent. */
  claim(entry: ClaimEntry): Promise<ClaimResult> {
    return new Promise((resolve, reject) => {
      const answered = (result: ClaimResult | null): void =>
        result === null ? reject(new Error('a claim was answered as something else')) : resolve(result);
      this.#add({ entry, resolve: answered, reject });
    });
  }

  /** Resolves when the outcome is durable. Rejects when the journal cannot be written; the entry is kept for `saveUnsaved`. */
  settle(entry: SettleEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        this.#unsaved.push(entry);
        reject(error);
      };
      this.#add({ entry, resolve: () => resolve(), reject: failed });
    });
  }

  /** Resolves when the decision is durable. */
  decide(entry: DecideEntry): Promise<void> {
    return new Promise((resolve, reject) => this.#add({ entry, resolve: () => resolve(), reject }));
  }

  /** How many outcomes wait to be written. */
  get unsaved(): number {
    return this.#unsaved.length;
  }

  /** Writes outcomes that could not be written before; rejects when they still cannot. */
  async saveUnsaved(): Promise<void> {
    // A copy: an outcome that fails meanwhile is added to the list, and must not be taken for written.
    const entries = [...this.#unsaved];
    if (entries.length === 0) return;
    await this.#apply(entries);
    this.#unsaved = this.#unsaved.slice(entries.length);
  }

  /** Resolves when nothing is queued or being written. */
  drained(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #add(queued: Queued): void {
    this.#queue.push(queued);
    this.#gather();
  }

  /** Takes the next group a turn later, so that lanes which wake together, or are answered together, share the transaction. */
  #gather(): void {
    if (this.#gathering || this.#writing === MOST_WRITING || this.#queue.length === 0) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      while (this.#writing < MOST_WRITING && this.#queue.length > 0) void this.#write(this.#take());
    });
  }

  #take(): Queued[] {
    let claims = 0;
    let count = 0;
    for (const { entry } of this.#queue) {
      if (entry.kind === 'claim') {
        if (claims === MOST_CLAIMS) break;
        claims += 1;
      }
      count += 1;
      if (count === MOST_ENTRIES) break;
    }
    return this.#queue.splice(0, count);
  }

  async #write(group: readonly Queued[]): Promise<void> {
    this.#writing += 1;
    try {
      const results = await this.#apply(group.map((queued) => queued.entry));
      group.forEach((queued, index) => queued.resolve(results[index] ?? null));
    } catch (error) {
      for (const queued of group) queued.reject(error as Error);
    }
    this.#writing -= 1;
    this.#gather();
    if (!this.#isIdle()) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #isIdle(): boolean {
    return this.#writing === 0 && this.#queue.length === 0;
  }
}
