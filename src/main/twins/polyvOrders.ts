import { mix } from './faults.ts';
import { beijingDigits, beijingInstant, buyer, createdAt, pick, Scatter } from './orders.ts';
import type { PartSetup, TwinOrder } from './server.ts';

export type PolyvStatus = 'wait_pay' | 'wait_delivery' | 'delivering' | 'finish' | 'close';

/** An order as the twin holds it; times in milliseconds, null where it has not come to that. */
export interface PolyvOrder extends TwinOrder {
  readonly status: PolyvStatus;
  readonly channelId: number;
  readonly deliveryType: 'express' | 'virtual';
  /** The amount's digits as they stand in the reply's JSON number, e.g. `0.10`. */
  readonly amount: string;
  readonly createTime: number;
  readonly payTime: number | null;
  readonly deliveryTime: number | null;
  readonly finishTime: number | null;
}

const dayMs = 86_400_000;
const spanMs = 30 * dayMs;
/** The documents' five statuses. */
export const polyvStatuses = ['wait_pay', 'wait_delivery', 'delivering', 'finish', 'close'] as const;
/** The one status an order can be delivered from. */
export const polyvDeliverable = 'wait_delivery';

/** The sample order of the detail's page (seed 001). */
export const POLYV_SAMPLE_DETAIL = 'product202405221129011833ad';
/** The order number of the batch update's sample body (seed 000); waits for delivery here. */
export const POLYV_SAMPLE_BATCH = 'product2024052118172258515c';
const samples = [POLYV_SAMPLE_DETAIL, POLYV_SAMPLE_BATCH] as const;

/** `product` + Beijing `yyyyMMddHHmmss` of its making + six hex digits, as both samples are. */
const numberShape = /^product\d{14}([0-9a-f]{6})$/;

/** The orders: what the seed says, and what was changed since. */
export class PolyvOrders {
  readonly count: number;
  readonly size: number;
  readonly #seed: number;
  readonly #epochMs: number;
  readonly #allWaiting: boolean;
  readonly #scatter: Scatter;
  /** Position in `polyvStatuses` + 1 of a changed order; 0: as generated. */
  readonly #changed: Uint8Array;
  readonly #deliveredAt = new Map<number, number>();

  constructor(setup: PartSetup) {
    this.count = setup.orders;
    this.size = setup.orders + samples.length;
    this.#seed = setup.seed;
    this.#epochMs = setup.epochMs;
    this.#allWaiting = setup.vendorOptions['orders'] === 'waiting';
    this.#scatter = new Scatter(setup.seed, 24);
    this.#changed = new Uint8Array(this.size);
  }

  created(index: number): number {
    if (index >= this.count)
      return beijingInstant(index === this.count ? '2024-05-22 11:29:01' : '2024-05-21 18:17:22');
    return createdAt(this.#seed, index, this.count, this.#epochMs, spanMs);
  }

  number(index: number): string {
    if (index >= this.count) return samples[index - this.count] ?? '';
    return `product${beijingDigits(this.created(index))}${this.#scatter.to(index).toString(16).padStart(6, '0')}`;
  }

  indexOf(order: string): number {
    const sample = (samples as readonly string[]).indexOf(order);
    if (sample >= 0) return this.count + sample;
    const tail = numberShape.exec(order)?.[1];
    if (tail === undefined) return -1;
    const index = this.#scatter.back(Number.parseInt(tail, 16));
    return index < this.count && this.number(index) === order ? index : -1;
  }

  status(index: number): PolyvStatus {
    const changed = this.#changed[index];
    if (changed !== undefined && changed > 0) return pick(polyvStatuses, changed - 1);
    if (index >= this.count) return index === this.count ? 'finish' : polyvDeliverable;
    if (this.#allWaiting) return polyvDeliverable;
    const part = mix(this.#seed, index, 1) % 100;
    return part < 80
      ? polyvDeliverable
      : part < 85
        ? 'wait_pay'
        : part < 90
          ? 'delivering'
          : part < 97
            ? 'finish'
            : 'close';
  }

  deliver(index: number, nowMs: number): void {
    this.#changed[index] = polyvStatuses.indexOf('delivering') + 1;
    this.#deliveredAt.set(index, nowMs);
  }

  channelId(index: number): number {
    return index === this.count ? 4872391 : 4872391 + (mix(this.#seed, index, 2) % 5);
  }

  deliveryType(index: number): 'express' | 'virtual' {
    return index >= this.count || mix(this.#seed, index, 3) % 8 > 0 ? 'express' : 'virtual';
  }

  payTime(index: number): number | null {
    const status = this.status(index);
    return status === 'wait_pay' || status === 'close' ? null : this.created(index) + 41_000;
  }

  deliveryTime(index: number): number | null {
    if (index === this.count) return 1717746827000;
    const own = this.#deliveredAt.get(index);
    if (own !== undefined) return own;
    const status = this.status(index);
    return status === 'delivering' || status === 'finish' ? this.created(index) + 3_600_000 : null;
  }

  finishTime(index: number): number | null {
    if (index === this.count) return 1717747300000;
    return this.status(index) === 'finish' ? this.created(index) + 7_200_000 : null;
  }

  /** Cents; the sample costs 0.01. */
  #cents(index: number): number {
    return index === this.count ? 1 : (mix(this.#seed, index, 4) % 100_000) + 10;
  }

  #quantity(index: number): number {
    return index === this.count ? 1 : (mix(this.#seed, index, 7) % 3) + 1;
  }

  order(index: number): PolyvOrder {
    return {
      index,
      number: this.number(index),
      status: this.status(index),
      channelId: this.channelId(index),
      deliveryType: this.deliveryType(index),
      amount: amountOf(this.#cents(index) * this.#quantity(index)),
      createTime: this.created(index),
      payTime: this.payTime(index),
      deliveryTime: this.deliveryTime(index),
      finishTime: this.finishTime(index),
    };
  }

  /**
   * ProductOrder as the sample of seed 001 writes it; absent times are left out, amounts keep their digits. `covers`: the host where products'
   * pictures are to lie; null for the documents' own.
   */
  json(index: number, covers: string | null = null): string {
    const order = this.order(index);
    const sample = index === this.count;
    const who = sample
      ? { name: '小明', mobile: '15812345678', area: '广东省/广州市/天河区', address: '详细地址01' }
      : buyer(this.#seed, index);
    const viewer = sample ? 'c_4nv36e832udqged0g7t565t4zoasuo9y' : `c_${mix(this.#seed, index, 5).toString(36)}`;
    const nick = sample ? '斌' : who.name.slice(-1);
    const transaction = sample
      ? '4200002204202405229969120950'
      : `42000022${beijingDigits(order.createTime)}00${String(1000 + (mix(this.#seed, index, 6) % 9000))}`;
    const cover =
      covers === null
        ? '//liveimages.videocc.net/uploaded/images/2024/05/gwc3u3jkh0.jpg'
        : `//${covers}/covers/${String(index)}.${index % 50 === 7 ? 'txt' : index % 50 === 8 ? 'big' : 'png'}`;
    // Snapshot ids beyond 2^53 exist here, so that a reader which loses digits is found out.
    const snapshot = sample ? '1' : index % 10 === 9 ? `9007199254${String(740993 + index)}` : String(index + 1);
    const unit = amountOf(this.#cents(index));
    const parts = [
      `"orderNo":${jsonText(order.number)}`,
      `"channelId":${String(order.channelId)}`,
      `"viewerId":${jsonText(viewer)}`,
      `"viewerNickName":${jsonText(nick)}`,
    ];
    if (order.payTime !== null) parts.push(`"transactionId":${jsonText(transaction)}`);
    parts.push(
      `"amount":${order.amount}`,
      `"status":${jsonText(order.status)}`,
      `"expireTime":${String(order.createTime + 900_000)}`,
    );
    for (const key of ['payTime', 'deliveryTime', 'finishTime'] as const) {
      const value = order[key];
      if (value !== null) parts.push(`"${key}":${String(value)}`);
    }
    parts.push(
      `"createTime":${String(order.createTime)}`,
      `"addressExt":{"mobile":${jsonText(who.mobile)},"name":${jsonText(who.name)},"area":${jsonText(who.area)},"address":${jsonText(who.address)}}`,
      `"products":[{"productSnapshotId":${snapshot},"amount":${unit},"quantity":${String(this.#quantity(index))},"totalAmount":${order.amount},"productCover":${jsonText(cover)},"productName":${jsonText(sample ? '键盘' : pick(['键盘', '鼠标 "静音"', '保温杯', '课程\\教材'], index))},"deliveryType":${jsonText(order.deliveryType)},"customerServiceType":null,"customerServiceContact":null}]`,
      `"expressEnabled":"${order.deliveryType === 'express' ? 'Y' : 'N'}"`,
    );
    return `{${parts.join(',')}}`;
  }
}

/** JSON text of a string. */
export function jsonText(value: string): string {
  return JSON.stringify(value);
}

function amountOf(cents: number): string {
  return (cents / 100).toFixed(2);
}
