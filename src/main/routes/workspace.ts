import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../../contract/account.ts';
import { AppError } from '../../contract/errors.ts';
import { addTwinAccounts, closeTwins, startTryOutTwins, type Twins } from '../embedded.ts';
import type { ProxyResolver } from '../gateway/proxy.ts';
import type { GatewayEvent } from '../gateway/types.ts';
import type { Events } from '../ipc/events.ts';
import { LookupDesk } from '../lookups/desk.ts';
import { openServices, type Services } from '../services.ts';
import { createKeytarKeychain, createMemoryKeychain, SERVICE, type Keychain } from '../vault/index.ts';
import type { Desk } from './desk.ts';
import { JobDesk, type JobDeskOptions } from './job-desk.ts';
import { OrderDesk } from './order-desk.ts';
import { readOrders, type OrderReading } from './order-watch.ts';
import { keepTidy } from './retention.ts';
import { watchKeychain, type WatchedKeychain } from './keychain.ts';

/** `real`: the person's accounts; `practice`: embedded vendor twins with data of their own. */
export type WorkspaceName = 'real' | 'practice';

export interface WorkspaceOptions {
  /** The data folder. */
  readonly folder: string;
  /** The database thread's entry. */
  readonly worker: URL;
  readonly events: Events;
  readonly desk: Desk;
  readonly notices: JobDeskOptions['notices'];
  readonly proxy: ProxyResolver;
  /** Above so many rows that cannot be undone their number must be confirmed. */
  readonly confirmAbove: () => number;
  /** How many days orders are kept. */
  readonly keepDays: () => number;
  /** The real workspace's keychain; the system's by default. */
  readonly keychain?: () => Keychain;
  /** The practice workspace's twins and their pacing. */
  readonly twins?: () => Promise<Twins>;
  readonly twinPacing?: Account['pacing'];
}

/** One opened workspace with all that stands on it. */
export interface Workspace {
  readonly name: WorkspaceName;
  readonly services: Services;
  /** Another process writes this data; this one only reads. */
  readonly readOnly: boolean;
  readonly watched: WatchedKeychain;
  readonly lookups: LookupDesk;
  readonly orders: OrderDesk;
  readonly reading: OrderReading;
  readonly jobs: JobDesk;
  /** Imports under way, by the caller's id. */
  readonly imports: Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>;
  /** Until when (this machine's ms) an account's vendor asked to wait. */
  readonly backOffs: ReadonlyMap<string, number>;
  /** Rows that were being sent when a process died, as far as this start has found them, by job. */
  readonly inDoubt: Readonly<Record<number, number>>;
  /** Whether a job runs, is verified or is read in. */
  isAtWork(): boolean;
  /** Pauses all jobs and stops intakes; resolves when nothing is under way. */
  pauseAll(): Promise<void>;
  /** Pauses all and closes everything. */
  close(): Promise<void>;
}

const TRIES = 20;
const TRY_AGAIN_MS = 100;

/** Opens the services as writer, or as reader while another process writes. */
async function openEither(options: Omit<Parameters<typeof openServices>[0], 'mode'>): Promise<[Services, boolean]> {
  const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : '');
  for (let tried = 1; ; tried += 1) {
    try {
      return [await openServices({ ...options, mode: 'write' }), false];
    } catch (error) {
      if (codeOf(error) !== 'WRITER_BUSY') throw error;
    }
    try {
      return [await openServices({ ...options, mode: 'read' }), true];
    } catch (error) {
      // The other process has taken the lock and not made the database yet.
      if (codeOf(error) !== 'DATABASE_MISSING' || tried === TRIES) throw error;
      await wait(TRY_AGAIN_MS);
    }
  }
}

/** Tells the window what the gateway learns, and keeps the back-offs. */
function gatewayTeller(events: Events, backOffs: Map<string, number>): (event: GatewayEvent) => void {
  return (event) => {
    const { accountId } = event;
    if (event.kind === 'clock') {
      events.tell('clock', { accountId, offsetMs: event.offsetMs, warn: event.warn });
      return;
    }
    if (event.kind !== 'backing_off') return;
    backOffs.set(accountId, event.untilMs);
    events.tell('backingOff', { accountId, untilMs: event.untilMs, reading: event.failure.reading });
  };
}

/** Opens a workspace. Reads no secret. Rejects with DATABASE_NEWER, DATABASE_FAILED, DISK_FULL. */
export async function openWorkspace(name: WorkspaceName, options: WorkspaceOptions): Promise<Workspace> {
  const { events, desk } = options;
  const isPractice = name === 'practice';
  const systemKeychain = options.keychain ?? ((): Keychain => createKeytarKeychain({ service: SERVICE }));
  const keychain = isPractice ? createMemoryKeychain() : systemKeychain();
  const watched = watchKeychain(keychain, (state) => events.tell('keychain', state));
  const backOffs = new Map<string, number>();
  const [services, readOnly] = await openEither({
    // Twins have a folder of their own, so that made-up orders never stand beside real ones.
    folder: isPractice ? join(options.folder, 'twins') : options.folder,
    worker: options.worker,
    keychain: watched.keychain,
    proxy: options.proxy,
    confirmAbove: options.confirmAbove,
    keepDays: options.keepDays,
    onGateway: gatewayTeller(events, backOffs),
  });
  let twins: Twins | null = null;
  try {
    if (isPractice) {
      twins = await (options.twins ?? startTryOutTwins)();
      await addTwinAccounts(services.vault, twins, options.twinPacing);
    }
  } catch (error) {
    await services.close();
    if (twins !== null) await closeTwins(twins);
    throw error;
  }
  const lookups = lookupDesk(services, events);
  const orders = new OrderDesk(services);
  const reading = readOrders(services, orders, events, { ...options.notices, notify: (notice) => desk.notify(notice) });
  const jobs = new JobDesk({ services, readOnly, events, desk, notices: options.notices });
  const imports: Workspace['imports'] = new Map();
  const pauseAll = async (): Promise<void> => {
    for (const { stop } of imports.values()) stop.abort();
    await Promise.all([...imports.values()].map(({ ended }) => ended));
    await jobs.pauseAll();
  };
  const isAtWork = (): boolean => jobs.size > 0 || imports.size > 0;
  const stopTidying = keepTidy({ services, keepDays: options.keepDays, mayErase: () => !readOnly && !isAtWork() });
  return {
    name,
    services,
    readOnly,
    watched,
    lookups,
    orders,
    reading,
    jobs,
    imports,
    backOffs,
    inDoubt: services.recovered?.inDoubt ?? {},
    isAtWork,
    pauseAll,
    close: async () => {
      await Promise.all([pauseAll(), lookups.close(), reading.close(), stopTidying()]);
      await services.close();
      if (twins !== null) await closeTwins(twins);
    },
  };
}

function lookupDesk({ gateway, vault, log, journal, orders }: Services, events: Events): LookupDesk {
  return new LookupDesk({
    gateway,
    sink: orders,
    tracks: async (account, order) => {
      const rows = (await journal.call('findOrder', { order })).filter(({ track }) => track !== null);
      const jobs = await Promise.all(rows.map(({ jobId }) => journal.call('getJob', { id: jobId })));
      return rows.flatMap(({ track }, at) => (jobs[at]?.accountId === account.id && track !== null ? [track] : []));
    },
    tell: (status) => events.tell('lookup', status),
    onUsed: (account) => {
      vault.mark(account.id, 'used').catch((error: unknown) => log.warn('mark', { error }));
    },
    log: (error) => log.error('lookup', { error }),
  });
}
