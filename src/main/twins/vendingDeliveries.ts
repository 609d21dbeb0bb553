import { mix } from './faults.ts';
import { pick } from './orders.ts';
import type { PartSetup } from './types.ts';

/** How a dispense ends, by the record's words (vending.md 2.5). */
export type DeliveryEnd = 'IS_SUCCESS' | 'IS_FAILED' | 'IS_TIMEOUT';
export type DeliveryWord = DeliveryEnd | 'IS_DELIVERING';

export interface VendingDelivery {
  readonly id: string;
  readonly machineNo: string;
  /** Milliseconds of the command and of its end. */
  readonly atMs: number;
  readonly endMs: number;
  readonly end: DeliveryEnd;
  /** The device's words of a failure, else empty. */
  readonly reason: string;
}

/** The dispense page: without an answer of the device the platform gives a command up after 120 s. */
const timeoutMs = 120_000;
/** The same page: the lock of a machine, by default 45 s. */
const lockMs = 45_000;
/** Some of the reasons that the callback's page lists. */
const reasons = ['Goods are Stuck', 'Slave Comm Error', 'Over Current', 'Load No Current', 'Lift Goods'];

/**
 * Commands to machines and what became of them, by the twin's clock. Options: `device` = `works` (default), `fails`, `silent` (no answer,
 * so a time-out) or `mixed` (by the seed, one in ten fails and one in ten is silent); `dispenseMs` (default 3000) from command to end;
 * `lockSeconds` (default 45).
 */
export class VendingDeliveries {
  readonly #setup: PartSetup;
  readonly #byId = new Map<string, VendingDelivery>();
  /** The commands for one record, oldest first. */
  readonly #byRecord = new Map<number, VendingDelivery[]>();
  readonly #lastOf = new Map<string, VendingDelivery>();

  constructor(setup: PartSetup) {
    this.#setup = setup;
  }

  #option(name: string, initial: number): number {
    return Number(this.#setup.vendorOptions[name] ?? initial);
  }

  #end(n: number): DeliveryEnd {
    switch (this.#setup.vendorOptions['device']) {
      case 'fails':
        return 'IS_FAILED';
      case 'silent':
        return 'IS_TIMEOUT';
      case 'mixed': {
        const by = mix(this.#setup.seed, n, 52) % 10;
        return by === 0 ? 'IS_FAILED' : by === 1 ? 'IS_TIMEOUT' : 'IS_SUCCESS';
      }
      default:
        return 'IS_SUCCESS';
    }
  }

  /** Whether the machine takes no command now: one is under way and its lock has not run out. */
  locked(machineNo: string, nowMs: number): boolean {
    const last = this.#lastOf.get(machineNo);
    if (last === undefined || nowMs >= last.endMs) return false;
    return nowMs - last.atMs < this.#option('lockSeconds', lockMs / 1000) * 1000;
  }

  /** Sends a command to the machine. */
  begin(machineNo: string, recordId: number, atMs: number): VendingDelivery {
    const n = this.#byId.size;
    const end = this.#end(n);
    const delivery: VendingDelivery = {
      id: `5${String(mix(this.#setup.seed, n, 51)).padStart(10, '0')}${String(n).padStart(5, '0')}`,
      machineNo,
      atMs,
      endMs: atMs + (end === 'IS_TIMEOUT' ? timeoutMs : this.#option('dispenseMs', 3000)),
      end,
      reason: end === 'IS_FAILED' ? pick(reasons, mix(this.#setup.seed, n, 53)) : '',
    };
    this.#byId.set(delivery.id, delivery);
    this.#lastOf.set(machineNo, delivery);
    const list = this.#byRecord.get(recordId);
    if (list === undefined) this.#byRecord.set(recordId, [delivery]);
    else list.push(delivery);
    return delivery;
  }

  get(id: string): VendingDelivery | undefined {
    return this.#byId.get(id);
  }

  /** How the record's last command stands; undefined when it had none. */
  word(recordId: number, nowMs: number): DeliveryWord | undefined {
    const last = this.#byRecord.get(recordId)?.at(-1);
    return last === undefined ? undefined : wordOf(last, nowMs);
  }

  /** How often goods of the record came out of a machine. */
  drops(recordId: number, nowMs: number): number {
    const all = this.#byRecord.get(recordId) ?? [];
    return all.filter((one) => wordOf(one, nowMs) === 'IS_SUCCESS').length;
  }
}

/** How a command stands at a time. */
export function wordOf(delivery: VendingDelivery, nowMs: number): DeliveryWord {
  return nowMs >= delivery.endMs ? delivery.end : 'IS_DELIVERING';
}
