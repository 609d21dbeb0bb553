import { mix } from './faults.ts';
import { beijingDigits, createdAt, pick, Scatter } from './orders.ts';
import type { PartSetup, TwinOrder } from './types.ts';

export interface SuningJob {
  /** `0` delivery, `1` warehouse, `2` after sales. */
  readonly jobType: string;
  readonly jobId: string;
  /** No document lists its values. */
  readonly jobStatus: string;
}

/** An order as the twin holds it. */
export interface SuningOrder extends TwinOrder {
  readonly orderSource: string;
  /** Undefined: the field is missing in the reply. */
  readonly orderError: string | undefined;
  /** `01` to `05`. */
  readonly orderStatus: string;
  /** `1` delivery, `2` return. */
  readonly queryType: string;
  readonly jobs: readonly SuningJob[];
  /** Milliseconds, whole seconds. */
  readonly createdAt: number;
}

/** The sources that the document lists (seed 004). */
export const suningSources = [
  '201',
  '214',
  '203',
  '204',
  '205',
  '206',
  '207',
  '208',
  '209',
  '210',
  '211',
  '212',
  '202',
  '301',
] as const;

/** The order of the sample reply, at the time of the sample request. */
export const SUNING_SAMPLE = '1245';

const spanMs = 60 * 86_400_000;
const sampleMs = Date.parse('2014-01-14T12:20:00+08:00');
/** Every so many orders begin with a rush: so many of one second, more of one source than a page holds. */
const rushEvery = 1000;
const rushSize = 200;
const errors = [
  '库存不足',
  '收货地址 <缺少门牌号> & 电话不详',
  '超出配送范围',
  '商品"𬭎制保温杯"已下架',
  'A&B 仓: 1<2 件',
] as const;
const jobStatuses = ['0', '1', '2', '3', '4', '99', '已揽收'] as const;

/** The orders, and where those of a source and kind stand in time. */
export class SuningOrders {
  readonly size: number;
  readonly #setup: PartSetup;
  readonly #scatter: Scatter;
  readonly #times: Float64Array;
  /** Indexes by `source:queryType`, oldest first. */
  readonly #lists = new Map<string, number[]>();

  constructor(setup: PartSetup) {
    this.#setup = setup;
    this.size = setup.orders + 1;
    this.#scatter = new Scatter(setup.seed, 32);
    this.#times = Float64Array.from({ length: this.size }, (_, index) => this.#createdAt(index));
    for (let index = this.size - 1; index >= 0; index -= 1) {
      const source = this.source(index);
      for (const kind of ['0', this.kind(index)]) {
        const key = `${source}:${kind}`;
        const list = this.#lists.get(key);
        if (list === undefined) this.#lists.set(key, [index]);
        else list.push(index);
      }
    }
    for (const list of this.#lists.values()) list.sort((a, b) => this.#time(a) - this.#time(b));
  }

  #createdAt(index: number): number {
    const { seed, orders, epochMs } = this.#setup;
    if (index >= orders) return sampleMs;
    const place = index % rushEvery < rushSize ? index - (index % rushEvery) : index;
    return createdAt(seed, place, orders, epochMs, spanMs);
  }

  #time(index: number): number {
    return this.#times[index] ?? NaN;
  }

  /** Half of all are of the first source. */
  source(index: number): string {
    const by = mix(this.#setup.seed, index, 61);
    return index >= this.#setup.orders || by % 2 === 0 ? suningSources[0] : pick(suningSources, by >>> 1);
  }

  kind(index: number): '1' | '2' {
    return index >= this.#setup.orders || mix(this.#setup.seed, index, 62) % 5 === 0 ? '2' : '1';
  }

  /** Eighteen digits; every tenth twenty, some with zeros in front; Amazon's (204) in its own shape. */
  number(index: number): string {
    if (index >= this.#setup.orders) return SUNING_SAMPLE;
    const tail = String(this.#scatter.to(index)).padStart(10, '0');
    const day = beijingDigits(this.#time(index)).slice(0, 8);
    if (this.source(index) === '204') return `403-${day.slice(2, 6)}${tail.slice(0, 3)}-${tail.slice(3)}`;
    if (index % 10 === 9) return `98${day}${tail}`;
    return index % 20 === 3 ? `00${day.slice(2)}${tail}` : `${day}${tail}`;
  }

  indexOf(order: string): number {
    if (order === SUNING_SAMPLE) return this.#setup.orders;
    const tail = order.replaceAll('-', '').slice(-10);
    const value = /^\d{10}$/.test(tail) ? Number(tail) : 2 ** 32;
    if (value >= 2 ** 32) return -1;
    const index = this.#scatter.back(value);
    return index < this.#setup.orders && this.number(index) === order ? index : -1;
  }

  #jobs(index: number): readonly SuningJob[] {
    if (index >= this.#setup.orders) {
      const job = { jobType: '0', jobId: '12345', jobStatus: '1' };
      return [job, job];
    }
    const by = mix(this.#setup.seed, index, 63);
    return Array.from({ length: by % 4 }, (_, at) => {
      const own = mix(this.#setup.seed, index, 64 + at);
      return {
        jobType: this.kind(index) === '2' ? '2' : String(own % 2),
        jobId: own % 10 === 0 ? `1844674407${String(own).padStart(10, '0')}` : String(own),
        jobStatus: pick(jobStatuses, own >>> 5),
      };
    });
  }

  order(index: number): SuningOrder {
    const sample = index >= this.#setup.orders;
    const by = mix(this.#setup.seed, index, 68);
    const orderStatus = sample ? '01' : `0${String((by % 5) + 1)}`;
    const failed = orderStatus === '03' || orderStatus === '04';
    const orderError = sample ? 'error' : failed ? pick(errors, by >>> 8) : by % 3 === 0 ? '' : undefined;
    return {
      index,
      number: this.number(index),
      orderSource: this.source(index),
      orderError,
      orderStatus,
      queryType: this.kind(index),
      jobs: this.#jobs(index),
      createdAt: this.#time(index),
    };
  }

  /**
   * The orders of a source and kind (`0` all) made from `fromMs` to `toMs`, both included, oldest first:
   * how many they are, and the indexes of one page (from 1). Costs the same wherever the page lies.
   */
  page(
    source: string,
    kind: string,
    fromMs: number,
    toMs: number,
    pageNo: number,
    pageSize: number,
  ): { readonly total: number; readonly indexes: readonly number[] } {
    const list = this.#lists.get(`${source}:${kind}`) ?? [];
    const first = this.#firstAfter(list, fromMs - 1);
    const end = this.#firstAfter(list, toMs);
    const start = first + (pageNo - 1) * pageSize;
    return { total: end - first, indexes: list.slice(start, Math.max(start, Math.min(end, start + pageSize))) };
  }

  /** Position of the first order later than `ms`. */
  #firstAfter(list: readonly number[], ms: number): number {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#time(list[middle] ?? 0) > ms) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
