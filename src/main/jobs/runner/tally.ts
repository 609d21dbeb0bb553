import type { RowState } from '../../../contract/outcome.ts';
import type { JobCounts } from '../types.ts';

/** Counts that follow a running job without asking the database. */
export interface Tallied {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notSent: number;
  readonly sending: number;
  /** Rows still to be sent by this job. */
  readonly pending: number;
}

/** Where a row stands for the tally: `pending` apart from the other reasons of not sent. */
export type Place = RowState | 'pending';

export class Tally {
  readonly #total: number;
  readonly #at: Record<Place, number>;

  constructor(counts: JobCounts) {
    const pending = counts.byReason.pending ?? 0;
    this.#total = counts.total;
    this.#at = {
      succeeded: counts.succeeded,
      failed: counts.failed,
      unknown: counts.unknown,
      sending: counts.sending,
      pending,
      not_sent: counts.notSent - pending,
    };
  }

  /** Moves `n` rows from one place to another. */
  move(from: Place, to: Place, n = 1): void {
    this.#at[from] -= n;
    this.#at[to] += n;
  }

  read(): Tallied {
    const { succeeded, failed, unknown, sending, pending, not_sent: other } = this.#at;
    return { total: this.#total, succeeded, failed, unknown, sending, pending, notSent: other + pending };
  }
}
