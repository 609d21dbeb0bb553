import type { Recovered } from '../../src/main/jobs/journal/recovery.ts';
import type { RunEnd } from '../../src/main/jobs/runner/types.ts';
import type { Values } from '../../src/main/vendors/types.ts';

/** Where the driver kills itself, counted in journal transactions that hold a claim (or a settle) since its start. */
export interface OwnKill {
  readonly on: 'claim' | 'commit';
  readonly nth: number;
  /** Before the transaction is handed to the database thread, so many microseconds after that, or when it has been answered. */
  readonly at: 'before' | 'answered' | { readonly microseconds: number };
}

/** What the driver is told by its first message. Secrets come this way: argv and environment are readable by others. */
export type DriverPlan =
  | {
      readonly kind: 'run';
      readonly folder: string;
      readonly jobId: number;
      readonly secrets: Readonly<Record<string, Values>>;
      readonly kill: OwnKill | null;
      /** Looks up at this account, again and again, while the job runs. */
      readonly lookup: { readonly accountId: string; readonly params: Values } | null;
    }
  | { readonly kind: 'look'; readonly folder: string; readonly jobId: number };

/** What the driver tells. */
export type DriverMessage =
  | { readonly kind: 'opened'; readonly recovered: Recovered | null }
  | { readonly kind: 'ended'; readonly end: RunEnd }
  | {
      readonly kind: 'looked';
      /** Rows of the job by state, as the reading process sees them. */
      readonly states: Readonly<Record<string, number>>;
      /** Codes of what the writes it tried were refused with; null when one was not refused. */
      readonly refused: Readonly<Record<string, string | null>>;
    };
