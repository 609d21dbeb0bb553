import { mix } from './faults.ts';
import { pick, Scatter } from './orders.ts';
import type { PartSetup, TwinOrder } from './types.ts';
import { VendingDeliveries } from './vendingDeliveries.ts';
import type { DeliveryWord } from './vendingDeliveries.ts';

/** The words a query shows (vending.md 2.5); the first six are the update's status 1 to 6, in order. */
export const vendingWords = [
  'SUCCESS',
  'REFUND',
  'CLOSED',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
  'PICKUPCODE',
  'NOTPAY',
  'TESTPAY',
] as const;
export type VendingWord = (typeof vendingWords)[number];

export type VendingRecordWord = '' | 'WAITING_PICKED_UP' | 'IS_PICKED_UP' | 'IS_REFUND' | DeliveryWord;

export interface VendingRecord {
  readonly id: number;
  readonly productId: number;
  readonly quantity: number;
  /** Cents, of the whole record. */
  readonly cents: number;
  /** Empty until the order is paid. */
  readonly status: VendingRecordWord;
  /** How often its goods came out of a machine. */
  readonly drops: number;
}

/** An order as the twin holds it now. */
export interface VendingOrder extends TwinOrder {
  readonly machineNo: string;
  readonly tradeId: string;
  readonly status: VendingWord;
  /** Unpaid for more than twenty minutes, seen by the latest request. */
  readonly expired: boolean;
  /** How often the order's goods went back to their slots. */
  readonly restocks: number;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly records: readonly VendingRecord[];
}

/** What a merchant asks for when it makes an order. */
export interface VendingPurchase {
  readonly machineNo: string;
  readonly tradeId: string;
  readonly products: readonly { readonly productId: number; readonly quantity: number }[];
}

/** The paid order of the query's sample and the pickup-code order of the dispense sample. */
export const VENDING_SAMPLE_PAID = '54';
export const VENDING_SAMPLE_PICKUP = '60';

const minuteMs = 60_000;
/** Seed 003: "订单超过20分钟". */
const lifeMs = 20 * minuteMs;
/** Young enough that an unpaid order stays payable for a quarter of an hour after the twin's start. */
const youngMs = 5 * minuteMs;
const placesToCreate = 10_000;
const machineCount = 50;
const numberShape = /^(?:1|4\d{8})(\d{10})$/;

interface Sample {
  readonly number: string;
  readonly tradeId: string;
  readonly status: VendingWord;
  readonly createdAt: number;
  readonly firstRecord: number;
  readonly products: readonly number[];
}

const samples: readonly Sample[] = [
  {
    number: VENDING_SAMPLE_PAID,
    tradeId: '3f2a58ad69b74e86b8a1a3da6fd75cc1',
    status: 'SUCCESS',
    createdAt: Date.parse('2024-04-26T15:00:00+08:00'),
    firstRecord: 70,
    products: [121, 122, 131],
  },
  {
    number: VENDING_SAMPLE_PICKUP,
    tradeId: '800a7e95-00d3-45c8-987d-3aafa412c77d',
    status: 'PICKUPCODE',
    createdAt: Date.parse('2024-04-29T10:00:00+08:00'),
    firstRecord: 78,
    products: [131],
  },
];

interface Created extends VendingPurchase {
  readonly number: string;
  readonly createdAt: number;
}

/** The orders: what the seed says, what was created and what was changed since. */
export class VendingOrders {
  readonly size: number;
  readonly #setup: PartSetup;
  readonly #scatter: Scatter;
  readonly #machines: readonly string[];
  readonly #expires: boolean;
  readonly #created: Created[] = [];
  readonly #createdIndex = new Map<string, number>();
  readonly #trades = new Set(samples.map((sample) => sample.tradeId));
  /** Position in `vendingWords` + 1 of a changed order; 0: as first made. */
  readonly #changed: Uint8Array;
  readonly #restocks: Uint8Array;
  /** Commands to machines. */
  readonly deliveries: VendingDeliveries;
  #latestMs = -Infinity;

  constructor(setup: PartSetup) {
    this.#setup = setup;
    this.deliveries = new VendingDeliveries(setup);
    this.size = setup.orders + samples.length + placesToCreate;
    this.#scatter = new Scatter(setup.seed, 32);
    this.#expires = setup.vendorOptions['expiry'] !== 'off';
    this.#changed = new Uint8Array(this.size);
    this.#restocks = new Uint8Array(this.size);
    const machines = ['12345678', '16327129'];
    for (let at = 0; machines.length < machineCount; at += 1)
      machines.push(String(20_000_000 + (mix(setup.seed, at, 41) % 70_000_000)));
    this.#machines = machines;
  }

  #sample(index: number): Sample | undefined {
    return samples[index - this.#setup.orders];
  }

  #bought(index: number): Created | undefined {
    return this.#created[index - this.#setup.orders - samples.length];
  }

  /** Eleven digits; every tenth has nineteen, so that a reader that loses digits is found out. */
  number(index: number): string {
    const known = this.#sample(index) ?? this.#bought(index);
    if (known !== undefined) return known.number;
    if (index >= this.#setup.orders) return '';
    const tail = String(this.#scatter.to(index)).padStart(10, '0');
    if (index % 10 !== 9) return `1${tail}`;
    return `4${String(mix(this.#setup.seed, index, 42) % 100_000_000).padStart(8, '0')}${tail}`;
  }

  indexOf(order: string): number {
    const sample = samples.findIndex((one) => one.number === order);
    if (sample >= 0) return this.#setup.orders + sample;
    const created = this.#createdIndex.get(order);
    if (created !== undefined) return created;
    const tail = Number(numberShape.exec(order)?.[1] ?? NaN);
    if (!(tail < 2 ** 32)) return -1;
    const index = this.#scatter.back(tail);
    return index < this.#setup.orders && this.number(index) === order ? index : -1;
  }

  hasMachine(machineNo: string): boolean {
    return this.#machines.includes(machineNo);
  }

  machine(index: number): string {
    const bought = this.#bought(index);
    if (bought !== undefined) return bought.machineNo;
    return this.#sample(index) === undefined ? pick(this.#machines, mix(this.#setup.seed, index, 43)) : '16327129';
  }

  /** 0 to 99, what kind of order the seed makes it. */
  #kind(index: number): number {
    return this.#setup.vendorOptions['orders'] === 'unpaid' ? 0 : mix(this.#setup.seed, index, 44) % 100;
  }

  created(index: number): number {
    const known = this.#sample(index) ?? this.#bought(index);
    if (known !== undefined) return known.createdAt;
    const { seed, epochMs } = this.#setup;
    const part = mix(seed, index, 45) / 2 ** 32;
    const kind = this.#kind(index);
    const old = kind >= 81 && kind < 85;
    const ageMs = old ? lifeMs + minuteMs + part * 2 * lifeMs : part * youngMs;
    return Math.floor((epochMs - ageMs) / 1000) * 1000;
  }

  /** The word at first: most are unpaid and young, four in a hundred unpaid and expired, the others spread over all words. */
  #firstWord(index: number): VendingWord {
    const sample = this.#sample(index);
    if (sample !== undefined) return sample.status;
    if (this.#bought(index) !== undefined) return 'NOTPAY';
    const kind = this.#kind(index);
    if (kind < 85) return 'NOTPAY';
    if (kind < 91) return 'SUCCESS';
    return vendingWords[kind - 90] ?? 'NOTPAY';
  }

  word(index: number): VendingWord {
    const changed = this.#changed[index] ?? 0;
    return changed > 0 ? pick(vendingWords, changed - 1) : this.#firstWord(index);
  }

  /** Past the twenty minutes in which an order is served. */
  aged(index: number, nowMs: number): boolean {
    return this.#expires && nowMs - this.created(index) > lifeMs;
  }

  /** Unpaid past its twenty minutes. */
  expired(index: number, nowMs: number): boolean {
    return this.word(index) === 'NOTPAY' && this.aged(index, nowMs);
  }

  /** Moves the clock that `order` judges by. */
  seen(nowMs: number): void {
    this.#latestMs = Math.max(this.#latestMs, nowMs);
  }

  /** Sets the word of status 1 to 6; anything but 1 returns the goods to their slots (seed 003). */
  update(index: number, status: number): void {
    this.#changed[index] = status;
    if (status !== 1) this.#restocks[index] = (this.#restocks[index] ?? 0) + 1;
  }

  /** The new order's index; below 0 when the twin has no place left. */
  create(purchase: VendingPurchase, nowMs: number): number {
    const index = this.#setup.orders + samples.length + this.#created.length;
    if (index >= this.size) return -1;
    // 12 digits beginning with 2: the shape of no generated order.
    const number = String(200_000_000_001 + this.#created.length);
    this.#created.push({ ...purchase, number, createdAt: nowMs });
    this.#createdIndex.set(number, index);
    this.#trades.add(purchase.tradeId);
    return index;
  }

  hasTrade(tradeId: string): boolean {
    return this.#trades.has(tradeId);
  }

  #trade(index: number): string {
    const known = this.#sample(index) ?? this.#bought(index);
    return (
      known?.tradeId ??
      `20240426${String(mix(this.#setup.seed, index, 46)).padStart(10, '0')}${this.number(index)}`.slice(0, 32)
    );
  }

  #records(index: number): readonly VendingRecord[] {
    const status = this.#recordWord(index);
    const make = (id: number, productId: number, quantity: number, cents: number): VendingRecord => ({
      id,
      productId,
      quantity,
      cents,
      // What was cancelled says so, whatever the machine did before.
      status: status === 'WAITING_PICKED_UP' ? (this.deliveries.word(id, this.#latestMs) ?? status) : status,
      drops: this.deliveries.drops(id, this.#latestMs),
    });
    const sample = this.#sample(index);
    if (sample !== undefined) return sample.products.map((id, at) => make(sample.firstRecord + at, id, 1, 100));
    const first = index * 4 + 1000;
    const bought = this.#bought(index);
    if (bought !== undefined)
      return bought.products.map((one, at) => make(first + at, one.productId, one.quantity, one.quantity * 150));
    const by = mix(this.#setup.seed, index, 47);
    return Array.from({ length: (by % 3) + 1 }, (_, at) => {
      const quantity = ((by >>> (4 + at)) % 2) + 1;
      return make(first + at, 1_323_400 + ((by >>> at) % 90), quantity, quantity * (((by >>> 8) % 40) * 25 + 100));
    });
  }

  #recordWord(index: number): VendingRecordWord {
    switch (this.word(index)) {
      case 'SUCCESS':
      case 'PICKUPCODE':
        return 'WAITING_PICKED_UP';
      case 'REFUND':
        return 'IS_REFUND';
      case 'TESTPAY':
        return 'IS_PICKED_UP';
      default:
        return '';
    }
  }

  order(index: number): VendingOrder {
    const expired = this.expired(index, this.#latestMs);
    return {
      index,
      number: this.number(index),
      machineNo: this.machine(index),
      tradeId: this.#trade(index),
      status: this.word(index),
      expired,
      // The platform itself returns an expired order's goods (vending.md 2.6).
      restocks: (this.#restocks[index] ?? 0) + (expired ? 1 : 0),
      createdAt: this.created(index),
      records: this.#records(index),
    };
  }
}
