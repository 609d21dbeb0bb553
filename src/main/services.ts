import { mkdirSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { NO_TRAIL, openAudit, type AuditTrail } from './audit/trail.ts';
import { AuditedJobs } from './audited-jobs.ts';
import type { GatewayEvent } from './gateway/types.ts';
import { createGateway } from './gateway/gateway.ts';
import { Pictures } from './gateway/pictures.ts';
import type { ProxyResolver } from './gateway/proxy.ts';
import type { Gateway } from './gateway/types.ts';
import { createLog, fileSink, type Log } from './gateway/log.ts';
import { createRedactor, type Redactor } from './gateway/redact.ts';
import { Mailbox } from './jobs/mailbox.ts';
import type { JournalProcedures } from './jobs/journal/procedures.ts';
import type { Recovered } from './jobs/journal/recovery.ts';
import type { Journal } from './jobs/runner/types.ts';
import type { JobService, JobServiceOptions } from './jobs/service.ts';
import { OrderKeeper } from './orders/keeper.ts';
import { startStore } from './store/client.ts';
import { openVault, type Keychain, type Vault } from './vault/index.ts';
import { vendor } from './vendors/registry.ts';

/** Behind an account's id: the secret of it that is not in use. No id holds such a sign. */
export const OTHER_SECRET = '+other';

const LOG_BYTES = 4 * 1024 * 1024;
const LOGS_KEPT = 5;

export interface ServicesOptions {
  /** The data folder. */
  readonly folder: string;
  /** `write` runs jobs and recovers; `read` looks on while another process writes. */
  readonly mode: 'write' | 'read';
  /** The database thread's entry: `data-worker.ts`, or what it was built to. */
  readonly worker: URL;
  readonly keychain: Keychain;
  readonly onGateway?: (event: GatewayEvent) => void;
  /** The way to each origin; without it the environment's proxy. */
  readonly proxy?: ProxyResolver;
  /** Above so many rows that cannot be undone their number must be confirmed; without it never. */
  readonly confirmAbove?: () => number;
  /** How many days orders are kept; the settings' default without it. */
  readonly keepDays?: () => number;
}

/** Everything of main that has no window. */
export interface Services {
  readonly folder: string;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly vault: Vault;
  readonly gateway: Gateway;
  /** Pictures that vendors' replies name. */
  readonly pictures: Pictures;
  readonly journal: Journal;
  readonly jobs: JobService;
  readonly audit: AuditTrail;
  readonly keychain: Keychain;
  readonly mailbox: Mailbox;
  /** The orders that were looked up. */
  readonly orders: OrderKeeper;
  /** What was found left over by a process that died; null when only reading. */
  readonly recovered: Recovered | null;
  close(): Promise<void>;
}

/** The accounts and the gateway alone: for what needs no journal. */
export type AccountServices = Pick<
  Services,
  'folder' | 'log' | 'redactor' | 'vault' | 'gateway' | 'audit' | 'keychain' | 'close'
>;

/** Opens accounts and gateway without touching the journal or its lock. Reads no secret. */
export function openAccounts(options: Omit<ServicesOptions, 'mode' | 'worker'>): AccountServices {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const redactor = createRedactor();
  const log = createLog({
    write: fileSink(join(options.folder, 'logs', 'console.log'), LOG_BYTES, LOGS_KEPT),
    redactor,
  });
  // What is done with twins is no business of an audit.
  const isReal = options.keychain.kind === 'system';
  const audit = isReal
    ? openAudit({ folder: options.folder, onError: (error) => log.error('audit', { error }) })
    : NO_TRAIL;
  const vault = openVault({
    dir: options.folder,
    keychain: options.keychain,
    vendors: vendor,
    onDone: (done) => audit.note(done),
  });
  const gateway = createGateway({
    secrets: (id) =>
      id.endsWith(OTHER_SECRET) ? vault.rotation.readOther(id.slice(0, -OTHER_SECRET.length)) : vault.readSecrets(id),
    vendors: vendor,
    log,
    redactor,
    ...(options.onGateway === undefined ? {} : { onEvent: options.onGateway }),
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
  });
  return {
    folder: options.folder,
    log,
    redactor,
    vault,
    gateway,
    audit,
    keychain: options.keychain,
    close: () => gateway.close(),
  };
}

/**
 * Opens all of it. A writer takes the lock and recovers what a dead process left behind before anything else.
 * Rejects with WRITER_BUSY, DATABASE_NEWER, DATABASE_FAILED.
 */
export async function openServices(options: ServicesOptions): Promise<Services> {
  let hear: (event: GatewayEvent) => void = () => {};
  const accounts = openAccounts({
    ...options,
    onGateway: (event) => {
      hear(event);
      options.onGateway?.(event);
    },
  });
  const journal = await startStore<JournalProcedures>(options.worker, { folder: options.folder, mode: options.mode });
  const now = Date.now();
  const recovered =
    options.mode === 'write' ? await journal.call('recover', { atMs: now, at: new Date(now).toISOString() }) : null;
  const mailbox = new Mailbox(join(options.folder, 'wishes'));
  const service: JobServiceOptions = {
    journal,
    gateway: accounts.gateway,
    account: (id) => accounts.vault.get(id),
    mailbox,
    ...(options.confirmAbove === undefined ? {} : { confirmAbove: options.confirmAbove }),
    log: (error) => accounts.log.error('job', { error }),
    way: accounts.gateway,
    uptimeMs: () => uptime() * 1000,
  };
  const jobs = new AuditedJobs(service, accounts.audit);
  const orders = new OrderKeeper({
    folder: options.folder,
    worker: options.worker,
    account: (id) => accounts.vault.get(id),
    keepDays: options.keepDays ?? (() => DEFAULT_SETTINGS.keepDays),
  });
  hear = (event) => jobs.hear(event);
  const pictures = new Pictures(options.proxy === undefined ? {} : { proxy: options.proxy });
  return {
    ...accounts,
    pictures,
    journal,
    jobs,
    mailbox,
    orders,
    recovered,
    close: async () => {
      await Promise.all([accounts.gateway.close(), pictures.close()]);
      await Promise.all([journal.close(), orders.close()]);
    },
  };
}
