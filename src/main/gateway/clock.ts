import type { Bilingual } from '../../contract/text.ts';

/** An offset below this lies within the Date header's resolution and is not applied. */
export const APPLY_FROM_MS = 2_000;
/** An offset beyond this is told to the person. */
export const WARN_BEYOND_MS = 30_000;
/** A step between the machine's clock and the steady one beyond this is a jump (set by hand, or a sleep): what was learnt is void. */
const JUMP_MS = 1_000;
/** The Date header has whole seconds, cut off: half a second is added, and half a second stays uncertain. */
const HALF_SECOND_MS = 500;
const SAMPLES = 16;
/** No vendor's clock is before this; a Date from then is a fault of the server's. */
const EARLIEST_MS = Date.UTC(2020, 0, 1);

/** A clock that never goes back, from one that may: a step back counts as no time. */
export function steady(now: () => number): () => number {
  let last = now();
  let sum = 0;
  return () => {
    const at = now();
    if (at > last) sum += at - last;
    last = at;
    return sum;
  };
}

interface Sample {
  readonly offset: number;
  readonly uncertainty: number;
}

/** Learns how far a server's clock is from this machine's, from the Date headers of its replies. */
export class OriginClock {
  readonly #now: () => number;
  readonly #steady: () => number;
  readonly #onJump: (byMs: number) => void;
  /** Machine's clock minus the steady one: constant while nobody sets the machine's clock. */
  #base: number;
  #samples: Sample[] = [];
  #lastDate = '';
  #lastServerMs = NaN;
  #offset: number | null = null;

  /** `now`: the machine's clock; `steadyNow`: one that never jumps; both in milliseconds. `onJump` is told by how much the two went apart. */
  constructor(now: () => number, steadyNow: () => number, onJump: (byMs: number) => void = () => {}) {
    this.#now = now;
    this.#steady = steadyNow;
    this.#onJump = onJump;
    this.#base = now() - steadyNow();
  }

  /** The learnt offset, server minus machine, milliseconds; null before the first sample. */
  offset(): number | null {
    this.#checkJump();
    return this.#offset;
  }

  /** The offset that stamps use: 0 when unknown or below two seconds. */
  applied(): number {
    const offset = this.offset();
    return offset === null || Math.abs(offset) < APPLY_FROM_MS ? 0 : offset;
  }

  /**
   * Learns from one reply: its Date header, and when its call was sent and answered by the steady clock. `fresh` forgets what was learnt
   * before (the server has just refused our stamp). False when the header taught nothing.
   */
  learn(date: string, sentAt: number, answeredAt: number, fresh = false): boolean {
    this.#checkJump();
    const uncertainty = HALF_SECOND_MS + (answeredAt - sentAt) / 2;
    const last = this.#samples.at(-1);
    if (date !== this.#lastDate) {
      this.#lastDate = date;
      this.#lastServerMs = Date.parse(date);
    } else if (!fresh && last !== undefined && uncertainty >= last.uncertainty) {
      return false;
    }
    if (!(this.#lastServerMs >= EARLIEST_MS)) return false;
    const midpoint = this.#now() - (this.#steady() - (sentAt + answeredAt) / 2);
    if (fresh) this.#samples = [];
    this.#samples.push({ offset: this.#lastServerMs + HALF_SECOND_MS - midpoint, uncertainty });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#offset = estimate(this.#samples);
    return true;
  }

  #checkJump(): void {
    const base = this.#now() - this.#steady();
    const byMs = base - this.#base;
    this.#base = base;
    if (Math.abs(byMs) <= JUMP_MS) return;
    this.#samples = [];
    this.#offset = null;
    this.#lastDate = '';
    this.#onJump(byMs);
  }
}

/**
 * The median of the samples that are at most twice as uncertain as the best: one strange reply does not move it. None (0) where all are so
 * uncertain that a right clock could have given it, too: slow replies alone must not tell a person that the clock is wrong.
 */
function estimate(samples: readonly Sample[]): number {
  const best = Math.min(...samples.map((sample) => sample.uncertainty));
  const good = samples
    .filter((sample) => sample.uncertainty <= best * 2)
    .map((sample) => sample.offset)
    .sort((a, b) => a - b);
  const middle = good.length >> 1;
  const upper = good[middle] ?? 0;
  const median = Math.round(good.length % 2 === 1 ? upper : ((good[middle - 1] ?? upper) + upper) / 2);
  return best > APPLY_FROM_MS && Math.abs(median) <= best ? 0 : median;
}

function span(ms: number): Bilingual {
  const seconds = Math.round(ms / 1000);
  const parts: readonly (readonly [number, string, string])[] = [
    [Math.floor(seconds / 86_400), '天', 'd'],
    [Math.floor(seconds / 3600) % 24, '小时', 'h'],
    [Math.floor(seconds / 60) % 60, '分', 'min'],
    [seconds % 60, '秒', 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return {
    zh: shown.map(([count, zh]) => `${count.toString()} ${zh}`).join(' '),
    en: shown.map(([count, , en]) => `${count.toString()} ${en}`).join(' '),
  };
}

/** Words for a step of the machine's clock, ms: "it was set 4 min 12 s ahead", "它被拨快了 4 分 12 秒". */
export function jumpWords(byMs: number): Bilingual {
  const words = span(Math.abs(byMs));
  return byMs > 0
    ? { zh: `电脑的时间被拨快了 ${words.zh}。`, en: `The computer's clock was set ${words.en} ahead.` }
    : { zh: `电脑的时间被拨慢了 ${words.zh}。`, en: `The computer's clock was set ${words.en} back.` };
}

/** Words for an offset (server minus machine, ms): "your clock is 4 min 12 s slow", "本机时钟慢了 4 分 12 秒". */
export function clockWords(offsetMs: number): Bilingual {
  if (Math.abs(offsetMs) < APPLY_FROM_MS) return { zh: '本机时钟准确', en: 'your clock is right' };
  const words = span(Math.abs(offsetMs));
  return offsetMs > 0
    ? { zh: `本机时钟慢了 ${words.zh}`, en: `your clock is ${words.en} slow` }
    : { zh: `本机时钟快了 ${words.zh}`, en: `your clock is ${words.en} fast` };
}
