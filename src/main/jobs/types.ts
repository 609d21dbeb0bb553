import type { Decision, JobKind, JobState, PauseReason } from '../../contract/job.ts';
import type { NotSentReason, RowState, VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { VendorId } from '../../contract/vendor.ts';
import type { Problem, Values } from '../vendors/types.ts';

/** One data row of the input, as intake hands it to the journal. Every data row of the input becomes exactly one of these. */
export interface IntakeRow {
  /** Line of the input where the row begins, 1-based, as an editor counts. */
  readonly line: number;
  /** The original cells, untouched. Empty for a blank row. */
  readonly cells: readonly string[];
  /** The order's number as it will be sent; '' when the row has none. */
  readonly order: string;
  /** The row's fields after mapping and check; null when the row is set aside. */
  readonly values: Values | null;
  /** Why the row is set aside; null when it is fit to be sent. */
  readonly problem: Problem | null;
}

/** Where a job's rows came from. */
export interface JobSource {
  readonly kind: 'file' | 'paste' | 'generated';
  /** File name without its folder, or a word for a paste. */
  readonly name: string;
  /** Of a workbook: the sheet that was read. */
  readonly sheet?: string;
  /** SHA-256 of the input's bytes, hex; known when the intake is done. */
  readonly sha256?: string;
}

export interface JobSpec {
  readonly vendor: VendorId;
  readonly accountId: string;
  readonly accountLabel: string;
  readonly operation: string;
  readonly params: Values;
  readonly source: JobSource;
  /** The input's header, null when it has none. */
  readonly header: readonly string[] | null;
  /** Column index by row field id. */
  readonly mapping: Readonly<Record<string, number>>;
  readonly options: JobOptions;
  /** What the job is made of where it stems from another: `parentId` names that one. */
  readonly kind?: JobKind;
  /** The person's name for the job; a named one is kept until it is run or given up. */
  readonly title?: string;
  /** Cells and values of its rows were erased, all that there were. */
  readonly erased?: boolean;
}

export interface JobOptions {
  /** Read the present value before each write, where the operation can. */
  readonly readBefore: boolean;
  /** Write rows whose present value cannot be read, too. */
  readonly writeUnreadable: boolean;
  /** Pause for the person after this many rows have been sent; null never. */
  readonly firstRows: number | null;
  /** Verify unknown rows when the run ends, where the vendor has a lookup. */
  readonly verifyAfter: boolean;
}

export type { Decision, JobKind, JobState, PauseReason } from '../../contract/job.ts';

export interface Job extends JobSpec {
  readonly id: number;
  readonly state: JobState;
  readonly pauseReason: PauseReason | null;
  /** The failure or error behind the pause, for a person. */
  readonly pauseText: Bilingual | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Set on a follow-up and on a reverse job: the job whose rows it sends again, or sets back. */
  readonly parentId: number | null;
}

/** How many rows stand where. The four outcomes and `sending` sum to `total`. */
export interface JobCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notSent: number;
  readonly sending: number;
  readonly byReason: Readonly<Partial<Record<NotSentReason, number>>>;
  /** Set-aside rows by problem code, failed and rejected rows by failure code. */
  readonly byProblem: Readonly<Record<string, number>>;
  readonly byFailure: Readonly<Record<string, number>>;
}

/** An order and values that a person gave, checked. */
export interface Mended {
  readonly order: string;
  readonly values: Values;
}

/** A row as the journal keeps it. */
export interface JournalRow {
  readonly jobId: number;
  /** 1-based, in the input's order. */
  readonly rowNo: number;
  readonly line: number;
  readonly cells: readonly string[];
  readonly order: string;
  readonly values: Values | null;
  readonly state: RowState;
  readonly reason: NotSentReason | null;
  readonly problem: Problem | null;
  readonly failure: VendorFailure | null;
  /** Our words about the outcome (verified how, unknown why). */
  readonly note: Bilingual | null;
  readonly requestId: string | null;
  /** How many calls have carried this row. */
  readonly attempts: number;
  /** When the last call was stamped (vendor's time, ms), when it ended, and when the row reached its outcome (this machine's, ms). */
  readonly sentAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly settledAtMs: number | null;
  /** The value read before the write. */
  readonly oldValues: Values | null;
  /** The present values that the preview showed; null when nobody has read them. */
  readonly seenValues: Values | null;
  /** When they were read, or could not be (this machine's, ms); null when nobody has tried. */
  readonly seenAtMs: number | null;
  /** Whether a person wants it sent although its state was seen to forbid it. */
  readonly insisted: boolean;
  /** The vendor's own number of what the last call began, by which it is followed to its end. */
  readonly track: Values | null;
  /** What a person decided of the row while it was in doubt. */
  readonly decided: Decision | null;
  /** The present values that the row takes for granted: with others it is not written. */
  readonly expects: Values | null;
  /** What a person gave in place of the row's order and values, for a follow-up; the row's own outcome stays. */
  readonly mended: Mended | null;
  /** The follow-up that has taken the row over. */
  readonly movedTo: number | null;
  /** When re-readings that agree were made (vendor's time, ms), oldest first. */
  readonly readings: readonly number[];
}

/** What happened to a job, or to one row of it; `data` holds no secret and nothing of a customer. */
export interface JobEvent {
  readonly id: number;
  readonly jobId: number;
  readonly rowNo: number | null;
  readonly atMs: number;
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * `state`: the job came to a state (`state`, `reason`); `decided` (`as`), `edited` (`fields`): a person decided or changed a row; `seen`: a
 * reading of present values began (`since`, ms); `allowed`: a person had rows sent that a reading kept back (`reason`, `rows`); `confirmed`: a
 * person typed how many rows may be sent without a way back (`count`).
 */
export type EventKind = 'state' | 'decided' | 'edited' | 'seen' | 'allowed' | 'confirmed';
