import type { WaitingView } from '../../contract/job.ts';
import { say, type Bilingual, type Language } from '../../contract/text.ts';
import { JOB_WORDS, PAUSE_WORDS, STATE_WORDS } from '../../contract/words.ts';
import type { RunEnd } from '../jobs/runner/types.ts';

/** A notification of the desktop: counts and reasons alone, nothing of an order or a customer. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** What it brings up when it is chosen. */
  readonly shows: NoticeTarget;
}

/** A job, or a saved view of orders. */
export type NoticeTarget = { readonly jobId: number } | { readonly viewId: number };

/** How a job stands. */
export interface NoticeCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  /** Rows that were not sent yet. */
  readonly left: number;
}

export interface NoticeOptions {
  readonly wanted: () => boolean;
  readonly language: () => Language;
  readonly notify: (notice: Notice) => void;
  /** A clock that never goes back, ms. */
  readonly now?: () => number;
}

/** A job tells no more often than this of the same thing, and all together of at most so many in that time. */
const AGAIN_MS = 5 * 60_000;
const MOST = 6;

const counted = (n: number, word: Bilingual): Bilingual => ({ zh: `${word.zh} ${n}`, en: `${n} ${word.en}` });
const GOES_ON: Bilingual = { zh: '之后自动继续', en: 'goes on by itself' };

/** What the desktop is told of jobs while the window is not in front; the shell knows whether it is. */
export class Notices {
  readonly #options: NoticeOptions;
  readonly #now: () => number;
  readonly #told = new Map<string, number>();

  constructor(options: NoticeOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** A run waits for something that passes by itself. */
  waits(jobId: number, { reason }: WaitingView, counts: NoticeCounts): void {
    // Short and of its own making; the person can do nothing about it.
    if (reason === 'sleep' || reason === 'clock_changed') return;
    this.#tell(jobId, reason, PAUSE_WORDS[reason], counts, [GOES_ON]);
  }

  /** A run ended or stopped; not for one that the person stopped. */
  ended(jobId: number, { state, reason }: RunEnd, counts: NoticeCounts): void {
    if (state === 'cancelled' || reason === 'person') return;
    if (state === 'finished') this.#tell(jobId, state, JOB_WORDS.finished, counts, []);
    else this.#tell(jobId, reason ?? state, reason === null ? JOB_WORDS.paused : PAUSE_WORDS[reason], counts, []);
  }

  /** A saved view has more orders than its limit. */
  over({ id, name }: { readonly id: number; readonly name: string }, count: number, limit: number): void {
    if (!this.#options.wanted() || !this.#mayTell(`view ${id}`)) return;
    const language = this.#options.language();
    const title = say({ zh: `“${name}”：${count} 单`, en: `"${name}": ${count} orders` }, language);
    const body = say({ zh: `超过了 ${limit} 单`, en: `more than ${limit}` }, language);
    this.#options.notify({ shows: { viewId: id }, title, body });
  }

  #tell(
    jobId: number,
    what: string,
    title: Bilingual,
    { succeeded, failed, unknown, left }: NoticeCounts,
    more: readonly Bilingual[],
  ): void {
    if (!this.#options.wanted() || !this.#mayTell(`${jobId} ${what}`)) return;
    const language = this.#options.language();
    const parts = [
      counted(succeeded, STATE_WORDS.succeeded.words),
      ...(failed === 0 ? [] : [counted(failed, STATE_WORDS.failed.words)]),
      ...(unknown === 0 ? [] : [counted(unknown, STATE_WORDS.unknown.words)]),
      ...(left === 0 ? [] : [counted(left, STATE_WORDS.not_sent.words)]),
      ...more,
    ];
    this.#options.notify({
      shows: { jobId },
      title: say({ zh: `任务 ${jobId}：${title.zh}`, en: `Job ${jobId}: ${title.en}` }, language),
      body: parts.map((part) => say(part, language)).join(' · '),
    });
  }

  #mayTell(key: string): boolean {
    const now = this.#now();
    for (const [known, at] of this.#told) if (now - at >= AGAIN_MS) this.#told.delete(known);
    if (this.#told.has(key) || this.#told.size >= MOST) return false;
    this.#told.set(key, now);
    return true;
  }
}
