import { AppError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { LookupRow, Verdict, VerifyPlan } from '../../vendors/types.ts';
import type { SettledRow } from '../journal/calls.ts';
import { packEntries } from '../journal/entries.ts';
import { rowPages } from '../journal/pages.ts';
import { sinceEnd } from '../runner/since.ts';
import type { JobContext } from '../runner/types.ts';
import { ask, inLanes, sweep, type Sought } from '../sweep.ts';
import type { JournalRow } from '../types.ts';
import { composed } from '../written.ts';
import { settledBy } from './settled.ts';

/** What a verification came to. */
export interface VerifyEnd {
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  /** Why it stopped before its end, null when every unknown row was read. */
  readonly stopped: Bilingual | null;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Most time to wait, in all, for readings that must lie apart (ms); rows still open then stay unknown. */
  readonly waitMs: number;
  /** Rows read so far, and a pause between readings. */
  readonly tell?: (event: { readonly read: number; readonly waitingMs: number | null }) => void;
}

interface Doubtful extends Sought {
  readonly row: JournalRow;
  readings: readonly number[];
}

type Found =
  { readonly kind: 'found'; readonly row: LookupRow | null } | { readonly kind: 'unread'; readonly why: Bilingual };

/** A failure that ends the verification: it would meet every row alike. */
class StopVerify extends Error {
  readonly why: Bilingual;
  constructor(why: Bilingual) {
    super(why.en);
    this.why = why;
  }
}

const NO_LOOKUP: Bilingual = { zh: '该操作没有可用来查证的查询。', en: 'This operation has no lookup to verify with.' };
const STOPPED: Bilingual = { zh: '已停止查证。', en: 'Verification was stopped.' };

/** Reads unknown rows of one job at the vendor and settles what can be settled. It sends no update. */
export class Verifier {
  readonly #context: JobContext;
  readonly #plan: VerifyPlan | undefined;
  readonly #options: VerifyOptions;
  readonly #sum = { succeeded: 0, failed: 0, unknown: 0 };
  #read = 0;
  #waitLeftMs: number;

  constructor(context: JobContext, options: VerifyOptions) {
    this.#context = context;
    this.#plan = context.operation.verify;
    this.#options = options;
    this.#waitLeftMs = options.waitMs;
  }

  /**
   * Verifies all unknown rows, in chunks, each to its end. What stops it (a refusal that would meet every row, the signal, an AppError of
   * the vault, the host or the journal) is answered; what was read until then is settled.
   */
  async run(): Promise<VerifyEnd> {
    if (this.#plan === undefined) return { ...this.#sum, unknown: 0, stopped: NO_LOOKUP };
    const { journal, job } = this.#context;
    try {
      for await (const rows of rowPages(journal, job.id, { state: 'unknown' })) await this.#chunk(this.#plan, rows);
      return { ...this.#sum, stopped: null };
    } catch (error) {
      if (error instanceof StopVerify) return { ...this.#sum, stopped: error.why };
      if (this.#options.signal?.aborted === true) return { ...this.#sum, stopped: STOPPED };
      if (error instanceof AppError) return { ...this.#sum, stopped: error.text.message };
      throw error;
    }
  }

  async #chunk(plan: VerifyPlan, rows: readonly JournalRow[]): Promise<void> {
    let open: Doubtful[] = rows.map((row) => ({
      row,
      rowNo: row.rowNo,
      // What is looked for is what was written, not what was read in.
      update: composed(
        this.#context.operation,
        { order: row.order, values: row.values ?? {} },
        row.oldValues,
        this.#context.job.params,
      ),
      readings: row.readings,
    }));
    for (let round = 1; open.length > 0; round += 1) {
      const { found, stopped } = await this.#readAll(plan, open);
      const read = open.filter((one) => found.has(one.row.rowNo));
      const { again, afterMs } = await this.#judgeAll(plan, read, found);
      // A row to be read again counts as unknown until it is.
      if (round > 1) this.#sum.unknown -= read.length;
      this.#sum.unknown += again.length;
      if (stopped !== null) throw stopped.error;
      if (again.length === 0 || afterMs > this.#waitLeftMs) return;
      this.#waitLeftMs -= afterMs;
      this.#options.tell?.({ read: this.#read, waitingMs: afterMs });
      await this.#context.sleep(afterMs, this.#options.signal);
      open = again;
    }
  }

  /**
   * Sweeps first, then a lookup for each row that no sweep showed. When an error stops it, what was read until then is answered beside it,
   * and nothing is asked any more.
   */
  async #readAll(
    plan: VerifyPlan,
    open: readonly Doubtful[],
  ): Promise<{ found: Map<number, Found>; stopped: { error: unknown } | null }> {
    const found = new Map<number, Found>();
    const sentAtMs = Math.min(...open.map((one) => one.row.sentAtMs ?? this.#context.now()));
    const facts = { nowMs: this.#context.gateway.vendorNow(this.#context.account), sentAtMs };
    const updates = open.map((one) => one.update);
    // One row alone is read more cheaply by its own lookup.
    const sweeps = open.length > 1 ? (plan.sweep?.(updates, facts) ?? []) : [];
    const lanes = this.#context.account.pacing?.concurrency ?? this.#context.vendor.limits.concurrency;
    try {
      const matches = (one: Doubtful, row: LookupRow): boolean => plan.matches(one.update, row, one.row.track);
      await sweep(this.#context, matches, sweeps, open, {
        signal: this.#options.signal,
        found: ({ rowNo }, row) => {
          found.set(rowNo, { kind: 'found', row });
          this.#read += 1;
        },
      });
      const rest = open.filter((one) => !found.has(one.rowNo));
      await inLanes(lanes, rest, async (one) => {
        found.set(one.rowNo, await this.#lookup(plan, one));
        this.#read += 1;
        this.#options.tell?.({ read: this.#read, waitingMs: null });
      });
      return { found, stopped: null };
    } catch (error) {
      return { found, stopped: { error } };
    }
  }

  async #lookup(plan: VerifyPlan, { row: { track }, update }: Doubtful): Promise<Found> {
    const end = await ask(this.#context, plan.lookup(update, track), null, this.#options.signal);
    switch (end.kind) {
      case 'page':
        return { kind: 'found', row: end.rows.find((found) => plan.matches(update, found, track)) ?? null };
      case 'unknown':
        return { kind: 'unread', why: end.why };
      case 'rejected':
        throw new StopVerify(end.failure.reading);
      case 'failed':
        if (end.failure.class === 'not_found') return { kind: 'found', row: null };
        return { kind: 'unread', why: end.failure.reading };
    }
  }

  /** Judges each row, journals the verdicts, and answers the rows to be read again and after how long. */
  async #judgeAll(
    plan: VerifyPlan,
    read: readonly Doubtful[],
    found: ReadonlyMap<number, Found>,
  ): Promise<{ again: Doubtful[]; afterMs: number }> {
    const again: Doubtful[] = [];
    const settled: SettledRow[] = [];
    let afterMs = 0;
    const nowMs = this.#context.gateway.vendorNow(this.#context.account);
    for (const one of read) {
      const reading = found.get(one.row.rowNo);
      if (reading === undefined) continue;
      const verdict: Verdict =
        reading.kind === 'unread'
          ? { outcome: 'unknown', why: reading.why }
          : this.#judge(plan, one, reading.row, nowMs);
      const waits = verdict.outcome === 'unknown' ? verdict.again : undefined;
      if (waits !== undefined) {
        one.readings = [...one.readings, nowMs];
        again.push(one);
        afterMs = Math.max(afterMs, waits.afterMs);
      } else {
        this.#sum[verdict.outcome] += 1;
      }
      const readings = waits === undefined ? {} : { readings: one.readings };
      settled.push({ rowNo: one.row.rowNo, order: one.row.order, ...settledBy(verdict), ...readings });
    }
    if (settled.length === 0) return { again, afterMs };
    await this.#context.journal.call('apply', {
      entries: packEntries([
        {
          kind: 'decide',
          jobId: this.#context.job.id,
          accountId: this.#context.account.id,
          from: 'unknown',
          rows: settled,
          atMs: this.#context.now(),
        },
      ]),
    });
    return { again, afterMs };
  }

  #judge(plan: VerifyPlan, one: Doubtful, row: LookupRow | null, nowMs: number): Verdict {
    const { endedAtMs } = one.row;
    const sentAtMs = one.row.sentAtMs ?? nowMs;
    return plan.judge({
      row: one.update,
      params: this.#context.job.params,
      found: row,
      oldValues: one.row.oldValues,
      nowMs,
      sameReadingsAtMs: one.readings,
      sentAtMs,
      sinceEndMs: sinceEnd(endedAtMs, sentAtMs, this.#context.now(), nowMs),
      track: one.row.track,
    });
  }
}
