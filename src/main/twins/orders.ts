import { mix } from './faults.ts';

const minuteMs = 60_000;
const beijingMs = 8 * 60 * minuteMs;

/** A bijection of 0 … 2^bits − 1 chosen by the seed, so that order numbers look scattered and lead back to their index. */
export class Scatter {
  readonly #mask: number;
  readonly #add: number;
  readonly #factor: number;
  readonly #inverse: number;

  /** `bits` from 1 to 32. */
  constructor(seed: number, bits: number) {
    this.#mask = bits === 32 ? 0xffffffff : (1 << bits) - 1;
    this.#add = mix(seed, 1);
    this.#factor = mix(seed, 2) | 1;
    // Newton's iteration doubles the right bits of the inverse of an odd number modulo 2^32: 3, 6, 12, 24, 48.
    let inverse = this.#factor;
    for (let round = 0; round < 4; round += 1) inverse = Math.imul(inverse, 2 - Math.imul(this.#factor, inverse));
    this.#inverse = inverse;
  }

  to(index: number): number {
    return ((Math.imul(index, this.#factor) + this.#add) & this.#mask) >>> 0;
  }

  back(value: number): number {
    return (Math.imul(value - this.#add, this.#inverse) & this.#mask) >>> 0;
  }
}

/** Beijing wall clock `yyyyMMddHHmmss` of an instant. */
export function beijingDigits(ms: number): string {
  return new Date(ms + beijingMs).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}

/** Beijing wall clock `yyyy-MM-dd HH:mm:ss` of an instant. */
export function beijingTime(ms: number): string {
  return new Date(ms + beijingMs).toISOString().slice(0, 19).replace('T', ' ');
}

const wallClock = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** The instant of a Beijing wall clock text `yyyy-MM-dd HH:mm:ss`; NaN for any other text or a day that does not exist. */
export function beijingInstant(text: string): number {
  if (!wallClock.test(text)) return NaN;
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`);
  return !Number.isNaN(ms) && beijingTime(ms) === text ? ms : NaN;
}

/** One of a list, chosen by a mixed number. */
export function pick<T>(list: readonly T[], by: number): T {
  const chosen = list[by % list.length];
  if (chosen === undefined) throw new RangeError('an empty list has nothing to pick');
  return chosen;
}

const familyNames = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗');
const givenNames = [
  '伟',
  '芳',
  '秀英',
  '敏',
  '静',
  '强',
  '磊',
  '洋',
  '艳',
  '勇',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '桂英',
  '䶮',
  '𬭎',
];
const areas = [
  '广东省/广州市/天河区',
  '浙江省/杭州市/西湖区',
  '江苏省/南京市/玄武区',
  '四川省/成都市/武侯区',
  '北京市/北京市/海淀区',
  '上海市/上海市/浦东新区',
  '内蒙古自治区/呼和浩特市/赛罕区',
  '新疆维吾尔自治区/乌鲁木齐市/天山区',
];
const streets = ['中山路', '人民东路', '解放大道', '文一西路', '学院路', '建设街'];

/** A made-up buyer, the same for the same seed and index. */
export function buyer(seed: number, index: number): { name: string; mobile: string; area: string; address: string } {
  const who = mix(seed, index, 101);
  const where = mix(seed, index, 102);
  return {
    name: pick(familyNames, who) + pick(givenNames, who >>> 8),
    mobile: `1${pick(['38', '39', '50', '58', '86', '99'], who >>> 4)}${String(mix(seed, index, 103) % 100_000_000).padStart(8, '0')}`,
    area: pick(areas, where),
    address: `${pick(streets, where >>> 6)}${String((where % 400) + 1)}号${String(((where >>> 9) % 30) + 1)}栋${String(((where >>> 14) % 40) + 1)}0${String(((where >>> 20) % 4) + 1)}室`,
  };
}

/** When order `index` of `count` was made: newest first, spread evenly with a jitter over `spanMs` before `epochMs`, whole seconds. */
export function createdAt(seed: number, index: number, count: number, epochMs: number, spanMs: number): number {
  const step = spanMs / count;
  const jitter = mix(seed, index, 104) / 2 ** 32;
  return Math.floor((epochMs - (index + jitter) * step) / 1000) * 1000;
}

/**
 * The orders of generated ones (0 to `count` − 1, the newest first) that were made from `fromMs` to `toMs`, both included: the first index and the one
 * behind the last. Costs the same wherever they lie.
 */
export function madeBetween(
  count: number,
  created: (index: number) => number,
  fromMs: number,
  toMs: number,
): { readonly first: number; readonly end: number } {
  const firstBelow = (ms: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (created(middle) < ms) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const first = toMs === Infinity ? 0 : firstBelow(toMs + 1);
  return { first, end: fromMs === -Infinity ? count : firstBelow(fromMs) };
}

/** The orders of a list by what was asked for, until something is changed: a page of many thousand is then cheap. */
export class ListCache {
  readonly #lists = new Map<string, readonly number[]>();

  /** The list that was made for this question, or made now. */
  get(question: string, make: () => readonly number[]): readonly number[] {
    const known = this.#lists.get(question);
    if (known !== undefined) return known;
    const made = make();
    this.#lists.set(question, made);
    const oldest = this.#lists.keys().next().value;
    if (this.#lists.size > 16 && oldest !== undefined) this.#lists.delete(oldest);
    return made;
  }

  /** To be called when an order was changed. */
  changed(): void {
    this.#lists.clear();
  }
}
