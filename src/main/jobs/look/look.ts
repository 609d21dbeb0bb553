import { AppError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { LookupEnd } from '../../gateway/types.ts';
import type { BeforeWrite, LookupRow, ReadBefore, UpdateRow, Values } from '../../vendors/types.ts';
import type { SeenRow, UnseenRow } from '../journal/seen.ts';
import { isRefusal, unreadWhy } from '../runner/before.ts';
import type { JobContext } from '../runner/types.ts';
import { ask, inLanes, SPARE_PAGES, sweep, type Sought } from '../sweep.ts';
import { composed } from '../written.ts';

/** Rows that are read together: a sweep is made for so many. */
const CHUNK_ROWS = 5_000;
/** Readings that are written together, and how long they wait for one another at most (ms). */
const MOST_KEPT = 200;
const KEPT_MS = 1_000;

/** What reading a job's present values came to. `changes`, `nothing`, `forbidden`, `changed` and `unread` sum to `read`. */
export interface LookEnd {
  readonly read: number;
  /**
   * Rows that would be changed, those that are as wanted already, those whose state forbids it, those that someone has changed since the job
   * that is to be undone, those that could not be read.
   */
  readonly changes: number;
  readonly nothing: number;
  readonly forbidden: number;
  readonly changed: number;
  readonly unread: number;
  /** Why it stopped before its end; null when it came to every row. */
  readonly stopped: Bilingual | null;
}

export interface LookOptions {
  /** Reads all rows anew; else those alone that the last reading has not come to. */
  readonly again: boolean;
  readonly signal?: AbortSignal;
  readonly tell?: (event: { readonly read: number; readonly total: number }) => void;
}

/** A row to be read, and the present values that it takes for granted. */
interface Unseen extends Sought {
  readonly expects: Values | null;
}

/** A refusal that would meet every row alike. */
class StopLook extends Error {
  readonly why: Bilingual;
  constructor(why: Bilingual) {
    super(why.en);
    this.why = why;
  }
}

const NO_LOOKUP: Bilingual = {
  zh: '该操作没有可以读取现值的查询。',
  en: 'This operation has no look-up that reads present values.',
};
const CHANGED: Bilingual = {
  zh: '现值不是那次任务写入的，有人改过；请确认后再撤销。',
  en: 'The present value is not what that job wrote: someone has changed it. Confirm it before it is set back.',
};
const STOPPED: Bilingual = { zh: '已停止读取；读到的都已保留。', en: 'It was stopped; what was read is kept.' };

function unreadNote(why: Bilingual): Bilingual {
  return { zh: `读不到现值：${why.zh}`, en: `The present value could not be read: ${why.en}` };
}

/**
 * Reads the present values of the rows that a job is to send, before anything is sent: keeps what was read, and sets aside those that are as
 * wanted already and those whose state forbids the change. It sends no update.
 */
export class Look {
  readonly #context: JobContext;
  readonly #options: LookOptions;
  readonly #sum = { read: 0, changes: 0, nothing: 0, forbidden: 0, changed: 0, unread: 0 };
  #total = 0;
  #kept: SeenRow[] = [];
  #keptAtMs = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(context: JobContext, options: LookOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Reads to the end. What stops it (a refusal that would meet every row, the signal, an AppError of the vault or the host) is answered; what
   * was read until then is kept, and a further reading goes on from there.
   */
  async run(): Promise<LookEnd> {
    const plan = this.#context.operation.readBefore;
    if (plan === undefined) return { ...this.#sum, stopped: NO_LOOKUP };
    try {
      await this.#all(plan);
      return { ...this.#sum, stopped: null };
    } catch (error) {
      if (error instanceof StopLook) return { ...this.#sum, stopped: error.why };
      if (this.#options.signal?.aborted === true) return { ...this.#sum, stopped: STOPPED };
      if (error instanceof AppError) return { ...this.#sum, stopped: error.text.message };
      throw error;
    }
  }

  async #all(plan: ReadBefore): Promise<void> {
    const { journal, job, now } = this.#context;
    const { again } = this.#options;
    const { sinceMs, rows } = await journal.call('beginSeeing', { jobId: job.id, again, atMs: now() });
    this.#total = rows;
    this.#tell();
    let after = 0;
    for (;;) {
      const page = await journal.call('rowsToSee', { jobId: job.id, sinceMs, after, limit: CHUNK_ROWS });
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.rowNo;
      try {
        await this.#chunk(plan, page.map(unseenOf));
      } finally {
        // Whatever ends it, what was read is kept.
        await this.#keep();
      }
    }
  }

  async #chunk(plan: ReadBefore, rows: readonly Unseen[]): Promise<void> {
    const { account, vendor, gateway } = this.#context;
    const { signal } = this.#options;
    const shown = new Set<number>();
    // One row alone is read more cheaply by its own lookup.
    const sweeps =
      rows.length > 1
        ? (plan.sweep?.(
            rows.map(({ update }) => update),
            { nowMs: gateway.vendorNow(account) },
          ) ?? [])
        : [];
    await sweep(this.#context, ({ update }, row) => plan.matches(update, row), sweeps, rows, {
      signal,
      spare: SPARE_PAGES,
      found: (one, row) => {
        shown.add(one.rowNo);
        this.#judge(plan, one, row);
      },
    });
    const rest = rows.filter(({ rowNo }) => !shown.has(rowNo));
    await inLanes(account.pacing?.concurrency ?? vendor.limits.concurrency, rest, async (one) => {
      const end = await ask(this.#context, plan.lookup(one.update), null, signal);
      const found = end.kind === 'page' ? end.rows.find((row) => plan.matches(one.update, row)) : undefined;
      const said = end.kind === 'failed' ? plan.judgeFailure?.(end.failure) : undefined;
      if (found !== undefined) this.#judge(plan, one, found);
      else if (said) this.#settle(one, said);
      else this.#unread(one, end);
      await this.#keepSome();
    });
  }

  #unread(one: Sought, end: LookupEnd): void {
    if (end.kind === 'rejected' && isRefusal(end.failure)) throw new StopLook(end.failure.reading);
    this.#sum.unread += 1;
    this.#note({ rowNo: one.rowNo, seen: null, reason: 'pending', note: unreadNote(unreadWhy(end)) });
  }

  #judge(plan: ReadBefore, one: Unseen, found: LookupRow): void {
    const { job, gateway, account } = this.#context;
    const nowMs = gateway.vendorNow(account);
    const { update: row, expects: expected } = one;
    this.#settle(one, plan.judge({ row, params: job.params, found, expected, nowMs }));
  }

  #settle(one: Sought, verdict: BeforeWrite): void {
    const seen = verdict.oldValues;
    if (verdict.kind === 'nothing_to_do') {
      this.#sum.nothing += 1;
      this.#note({ rowNo: one.rowNo, seen, reason: 'nothing_to_do', note: null });
    } else if (verdict.kind === 'changed') {
      this.#sum.changed += 1;
      this.#note({ rowNo: one.rowNo, seen, reason: 'changed_since_preview', note: CHANGED });
    } else if (verdict.kind === 'forbidden') {
      this.#sum.forbidden += 1;
      this.#note({ rowNo: one.rowNo, seen, reason: 'state_forbids', note: verdict.why });
    } else {
      this.#sum.changes += 1;
      this.#note({ rowNo: one.rowNo, seen, reason: 'pending', note: this.#warning(one.update, seen) });
    }
  }

  /** What is odd about what would be written; what the intake has told of the row itself it does not repeat. */
  #warning(row: UpdateRow, seen: Values): Bilingual | null {
    const { operation, job, account } = this.#context;
    if (operation.compose === undefined) return null;
    const [first] = operation.warn?.(composed(operation, row, seen, job.params), account.settings) ?? [];
    return first?.message ?? null;
  }

  #note(row: SeenRow): void {
    this.#kept.push(row);
    this.#sum.read += 1;
    this.#tell();
  }

  #tell(): void {
    this.#options.tell?.({ read: this.#sum.read, total: this.#total });
  }

  /** Writes what has gathered, from time to time. */
  async #keepSome(): Promise<void> {
    const sinceMs = this.#context.now() - this.#keptAtMs;
    if (this.#kept.length < MOST_KEPT && sinceMs < KEPT_MS && sinceMs >= 0) return;
    await this.#keep();
  }

  #keep(): Promise<void> {
    const rows = this.#kept;
    const { journal, job, now } = this.#context;
    this.#kept = [];
    this.#keptAtMs = now();
    if (rows.length > 0) {
      const atMs = this.#keptAtMs;
      this.#writing = this.#writing.then(() => journal.call('see', { jobId: job.id, rows, atMs }));
    }
    return this.#writing;
  }
}

function unseenOf({ rowNo, order, fields, expects }: UnseenRow): Unseen {
  return {
    rowNo,
    update: { order, values: JSON.parse(fields) as Values },
    expects: expects === null ? null : (JSON.parse(expects) as Values),
  };
}
