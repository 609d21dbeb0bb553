import type { Account } from '../../../contract/account.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Gateway } from '../../gateway/types.ts';
import type { StoreClient } from '../../store/client.ts';
import type { UpdateOperation, VendorDefinition } from '../../vendors/types.ts';
import type { JournalProcedures } from '../journal/procedures.ts';
import type { Job, JobState, PauseReason } from '../types.ts';
import type { KeyLocks } from './locks.ts';
import type { Tallied } from './tally.ts';

/** What jobs need of the gateway. */
export type JobGateway = Pick<Gateway, 'prepare' | 'update' | 'lookup' | 'vendorNow'>;

export type Journal = StoreClient<JournalProcedures>;

/** A job with all that running it takes. */
export interface JobContext {
  readonly job: Job;
  readonly account: Account;
  readonly vendor: VendorDefinition;
  readonly operation: UpdateOperation;
  readonly journal: Journal;
  readonly gateway: JobGateway;
  /** This machine's clock, ms. */
  readonly now: () => number;
  /** A clock that nobody sets, ms. */
  readonly steadyNow: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** What calls of all jobs take for themselves; a run's own when left out. */
  readonly locks?: KeyLocks;
}

/** Where a running job stands; sent at most five times a second. */
export interface Progress {
  readonly jobId: number;
  readonly state: JobState;
  readonly counts: Tallied;
  /** Rows a second over the last seconds, null before there is a figure. */
  readonly rate: number | null;
  /** Time left at that rate, ms. */
  readonly leftMs: number | null;
  /** The three most frequent reasons of failure, with counts. */
  readonly reasons: readonly { readonly reading: Bilingual; readonly code: string; readonly count: number }[];
}

/** How a run ended. */
export interface RunEnd {
  readonly state: Extract<JobState, 'finished' | 'paused' | 'cancelled'>;
  readonly reason: PauseReason | null;
  readonly text: Bilingual | null;
  /** Paused for calls without an answer, each of which broke off: it is the network's fault if the vendor can't be reached. */
  readonly maybeNetwork?: true;
}
