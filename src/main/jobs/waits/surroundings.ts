import type { Bilingual } from '../../../contract/text.ts';

/** A wait that a vendor asked for; `until` by the steady clock, ms. */
export interface Block {
  readonly until: number;
  readonly text: Bilingual;
}

/** What goes on around the runs: the machine's sleep, its network, what vendors asked for. Those who wait are told of each change. */
export class Surroundings {
  #asleep = false;
  readonly #blocks = new Map<string, Block>();
  readonly #waiting = new Set<() => void>();

  /** Whether the machine is on its way to sleep, or not known to be awake again. */
  get asleep(): boolean {
    return this.#asleep;
  }

  suspended(): void {
    this.#asleep = true;
  }

  /** The machine woke up, or the network changed: all who wait look again at once. */
  resumed(): void {
    this.#asleep = false;
    this.changed();
  }

  /** Something changed that may end a wait. */
  changed(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** The vendor asked an account to wait. */
  blocked(accountId: string, block: Block): void {
    const known = this.#blocks.get(accountId);
    if (known === undefined || known.until < block.until) this.#blocks.set(accountId, block);
  }

  /** The latest wait that an account was asked for; it may be over. */
  blockOf(accountId: string): Block | undefined {
    return this.#blocks.get(accountId);
  }

  /** Calls `wake` at each change until the answer is called. */
  hear(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => void this.#waiting.delete(wake);
  }
}
