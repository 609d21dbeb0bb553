import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Account } from '../../../../src/contract/account.ts';
import type { PauseReason, WaitingView } from '../../../../src/contract/job.ts';
import { createGateway } from '../../../../src/main/gateway/gateway.ts';
import type { Gateway } from '../../../../src/main/gateway/types.ts';
import { Mailbox } from '../../../../src/main/jobs/mailbox.ts';
import { JobService, type JobServiceOptions } from '../../../../src/main/jobs/service.ts';
import { startTwin, type Twin, type TwinOptions } from '../../../../src/main/twins/index.ts';
import { operation, vendor } from '../../../../src/main/vendors/registry.ts';
import { beijing } from '../../../support/crash-shop.ts';
import { credentialsOf } from '../../../support/twin-accounts.ts';
import type { TestJournal } from '../runner/support.ts';

/** A network between the console and a vendor: it can be cut, and comes back on the same port. */
export class Relay {
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  port = 0;

  constructor(to: number) {
    this.#to = to;
  }

  get up(): boolean {
    return this.#server !== null;
  }

  /** Cuts every connection and takes no more. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async mend(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((near) => {
      const far = connect(this.#to, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
  }
}

/** Clocks in which a sleep takes no time: whoever sleeps moves them on. */
export class QuickTime {
  ms = Date.parse('2026-03-04T05:06:07.000Z');
  /** How far the machine's own clock was set ahead. */
  shift = 0;
  /** Time that the machine slept, during which the steady clock stood still. */
  hidden = 0;
  readonly sleeps: number[] = [];

  now = (): number => this.ms + this.hidden + this.shift;
  /** The vendor's clock, which nobody sets. */
  truth = (): number => this.ms + this.hidden;
  steadyNow = (): number => this.ms;
  uptimeMs = (): number => this.ms + this.hidden;
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    this.sleeps.push(ms);
    const until = this.ms + ms;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    this.ms = Math.max(this.ms, until);
  };
}

/** How the two vendors of these tests are set up: vending takes one order a call, Polyv a thousand. */
const VENDORS = {
  vending: { operation: 'order-update', params: { status: '1' }, header: 'order_id,machine_no,created_at' },
  polyv: { operation: 'update-status', params: { status: 'delivering' }, header: 'orderNo' },
} as const;

/** A vendor behind a network, and a job service with a real gateway and journal before it. */
export interface Rig {
  readonly twin: Twin;
  readonly relay: Relay;
  readonly time: QuickTime;
  readonly gateway: Gateway;
  readonly service: JobService;
  readonly logged: unknown[];
  /** A job over all orders of the twin. */
  job(tellWaiting?: (reason: PauseReason | null) => void): Promise<number>;
  close(): Promise<void>;
}

export async function openRig(
  journal: TestJournal,
  rows: number,
  change: {
    readonly vendor?: keyof typeof VENDORS;
    readonly twin?: TwinOptions;
    readonly concurrency?: number;
    readonly service?: Partial<JobServiceOptions>;
  } = {},
): Promise<Rig> {
  const time = new QuickTime();
  const vendorId = change.vendor ?? 'vending';
  const own = VENDORS[vendorId];
  const vendorOptions =
    vendorId === 'polyv' ? { orders: 'waiting', data: 'lists' } : { orders: 'unpaid', expiry: 'off' };
  const options = { orders: rows, epochMs: time.truth(), now: time.truth, vendorOptions, ...change.twin };
  const twin: Twin = vendorId === 'polyv' ? await startTwin('polyv', options) : await startTwin('vending', options);
  const relay = new Relay(twin.port);
  await relay.mend();
  const { plain, secrets } = credentialsOf(vendorId, twin.credentials);
  const account: Account = {
    ...journal.newAccount(),
    vendor: vendorId,
    environment: 'twin',
    baseUrl: `http://127.0.0.1:${relay.port}`,
    hosts: [`127.0.0.1:${relay.port}`],
    plain,
    settings: {},
    pacing: { perSecond: 1e9, concurrency: change.concurrency ?? 2 },
  };
  const logged: unknown[] = [];
  const heard: { service: JobService | null } = { service: null };
  const gateway = createGateway({
    secrets: async () => secrets,
    vendors: vendor,
    proxy: { url: null },
    now: time.now,
    steadyNow: time.steadyNow,
    sleep: time.sleep,
    onEvent: (event) => heard.service?.hear(event),
  });
  const service = new JobService({
    journal: journal.journal,
    gateway,
    way: gateway,
    account: async () => account,
    mailbox: new Mailbox(`${journal.folder}/wishes-${account.id}`),
    now: time.now,
    steadyNow: time.steadyNow,
    uptimeMs: time.uptimeMs,
    sleep: time.sleep,
    // Compared when the test says so.
    lookEveryMs: 1_000_000,
    log: (error) => logged.push(error),
    ...change.service,
  });
  heard.service = service;
  const lines = Array.from({ length: rows }, (_, index) => {
    const { number, machineNo, createdAt } = twin.order(index) as unknown as Record<'number' | 'machineNo', string> & {
      createdAt: number;
    };
    return vendorId === 'polyv' ? twin.orderNumber(index) : `${number},${machineNo},${beijing(createdAt)}`;
  });
  return {
    twin,
    relay,
    time,
    gateway,
    service,
    logged,
    job: async (tellWaiting) =>
      (
        await service.import({
          account,
          operation: operation(vendorId, own.operation, 'update'),
          params: own.params,
          source: { kind: 'paste', text: [own.header, ...lines].join('\n'), name: 'rig' },
          options: { readBefore: false, writeUnreadable: false, firstRows: null, verifyAfter: false },
          ...(tellWaiting === undefined ? {} : { tellWaiting }),
        })
      ).jobId,
    close: async () => {
      await gateway.close();
      await relay.cut();
      await twin.close();
    },
  };
}

/** Hears what a run waits for. */
export class WaitList {
  readonly waits: (WaitingView | null)[] = [];
  /** Does something at the n-th wait (from 1) that is told. */
  then: (waiting: WaitingView, nth: number) => void | Promise<void> = () => {};
  readonly #doing: Promise<void>[] = [];
  #told = 0;

  tellWaiting = (waiting: WaitingView | null): void => {
    this.waits.push(waiting);
    if (waiting === null) return;
    this.#told += 1;
    const done = this.then(waiting, this.#told);
    if (done !== undefined) this.#doing.push(done);
  };

  /** The reasons in turn, each once however often it was looked at. */
  get reasons(): string[] {
    return this.waits
      .map((one) => one?.reason ?? '')
      .filter((reason, index, all) => reason !== '' && reason !== all[index - 1]);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#doing);
  }
}

/** How many orders the twin acted on, and how often the one that it acted on most. */
export function acted(twin: Twin): { readonly orders: number; readonly most: number } {
  const times = new Map<string, number>();
  for (const { order } of twin.ledger.actions) times.set(order, (times.get(order) ?? 0) + 1);
  return { orders: times.size, most: Math.max(0, ...times.values()) };
}
