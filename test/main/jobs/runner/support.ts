import type { Account } from '../../../../src/contract/account.ts';
import { appError, type AppError, type ErrorCode } from '../../../../src/contract/errors.ts';
import type { LookupEnd, Prepared, PrepareOptions, UpdateEnd } from '../../../../src/main/gateway/types.ts';
import { packRows } from '../../../../src/main/jobs/journal/packed.ts';
import type { JournalEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { unpackEntries, type PackedEntries } from '../../../../src/main/jobs/journal/entries.ts';
import type { JournalProcedures } from '../../../../src/main/jobs/journal/procedures.ts';
import type { JobContext, JobGateway, Journal } from '../../../../src/main/jobs/runner/types.ts';
import type { IntakeRow, Job, JobCounts, JobSpec, JournalRow } from '../../../../src/main/jobs/types.ts';
import { startStore } from '../../../../src/main/store/client.ts';
import type {
  LookupOperation,
  LookupRow,
  UpdateOperation,
  UpdateRow,
  Values,
  VendorDefinition,
} from '../../../../src/main/vendors/types.ts';
import { failure, fitRow, jobSpec, temporaryFolder } from '../../../support/journal.ts';

export const WHY = { zh: '没有答复', en: 'no answer' };
export const NAMES = { zh: '名', en: 'name' };
/** This machine's clock in these tests, and the vendor's, one minute ahead. */
export const NOW_MS = Date.parse('2026-03-04T05:06:07.000Z');
export const VENDOR_AHEAD_MS = 60_000;

/** All good: every row of the call succeeded. */
export const allSucceeded = (rows: readonly UpdateRow[]): UpdateEnd => ({
  kind: 'answered',
  rows: rows.map(() => ({ outcome: 'succeeded' as const })),
});
export const unknownEnd: UpdateEnd = { kind: 'unknown', why: WHY };
export const rejectedFor = (failureClass: Parameters<typeof failure>[1], code = `R-${failureClass}`): UpdateEnd => ({
  kind: 'rejected',
  failure: failure(code, failureClass),
});
export const pageOf = (...rows: Values[]): LookupEnd => ({
  kind: 'page',
  rows: rows.map((values): LookupRow => ({ values })),
  next: null,
});

export function errorOf(code: ErrorCode): AppError {
  return appError(code, { zh: `错 ${code}`, en: `error ${code}` }, { zh: '办法', en: 'remedy' });
}

/** Resolves when opened; opened once and for all. */
export class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => {};
  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

export const LOOKUP: LookupOperation = {
  kind: 'lookup',
  id: 'detail',
  names: NAMES,
  params: [],
  warnings: [],
  columns: [{ id: 'no', names: NAMES, kind: 'order' }],
  check: (params) => ({ ok: true, value: params, warnings: [] }),
  request: () => {
    throw new Error('the scripted gateway builds no lookup');
  },
  read: () => {
    throw new Error('the scripted gateway reads no reply');
  },
};

export function updateOperation(change: Partial<UpdateOperation> = {}): UpdateOperation {
  return {
    kind: 'update',
    id: 'update-status',
    names: NAMES,
    params: [],
    warnings: [],
    rowFields: [],
    batchSize: 1,
    repeatable: 'always',
    checkParams: (params) => ({ ok: true, value: params, warnings: [] }),
    checkRow: (values) => ({ ok: true, value: { order: values['order'] ?? '', values }, warnings: [] }),
    request: (rows, params, context) => ({
      method: 'POST',
      url: `${context.baseUrl}/update`,
      headers: {},
      body: Buffer.from(`${params['status'] ?? ''}:${rows.map((row) => row.order).join(',')}`),
      signedText: '',
      sign: '',
    }),
    read: () => {
      throw new Error('the scripted gateway reads no reply');
    },
    ...change,
  };
}

function vendorOf(operation: UpdateOperation, concurrency: number): VendorDefinition {
  return {
    id: 'polyv',
    names: NAMES,
    credentials: [],
    settings: [],
    hosts: [],
    limits: { perSecond: 10, concurrency, backOffMs: 1, clockToleranceMs: null },
    operations: [operation, LOOKUP],
    notices: [],
  };
}

export function accountOf(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    label: 'Shop',
    vendor: 'polyv',
    environment: 'twin',
    baseUrl: 'http://127.0.0.1:1',
    hosts: [],
    plain: {},
    settings: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

interface Held {
  readonly prepared: Prepared;
  how: 'held' | 'released' | 'sent';
}

/** A gateway whose ends are scripted. It throws when a prepared call is used up twice. */
export class ScriptedGateway implements JobGateway {
  readonly held: Held[] = [];
  /** Orders of each update call, in the order of the calls. */
  readonly calls: string[][] = [];
  readonly lookups: { readonly operation: string; readonly params: Values; readonly cursor: string | null }[] = [];
  /** How the n-th call (from 0) ends. */
  script: (rows: readonly UpdateRow[], call: number) => UpdateEnd | Promise<UpdateEnd> = allSucceeded;
  /** Runs before each prepare; may throw, or wait. */
  onPrepare: (signal: AbortSignal | undefined, nth: number) => void | Promise<void> = () => {};
  onLookup: (params: Values, cursor: string | null, signal: AbortSignal | undefined) => LookupEnd | Promise<LookupEnd> =
    () => pageOf();
  prepares = 0;
  vendorMs = NOW_MS + VENDOR_AHEAD_MS;

  async prepare(
    account: Account,
    build: Parameters<JobGateway['prepare']>[1],
    options?: PrepareOptions,
  ): Promise<Prepared> {
    this.prepares += 1;
    await this.onPrepare(options?.signal, this.prepares);
    const request = build({ credentials: {}, settings: {}, baseUrl: account.baseUrl, nowMs: this.vendorMs });
    const text = Buffer.from(request.body ?? []).toString();
    const held: Held = {
      how: 'held',
      prepared: {
        request,
        account,
        stampedAtMs: this.vendorMs,
        hash: `hash of ${text}`,
        release: () => this.#use(held, 'released'),
      },
    };
    this.held.push(held);
    return held.prepared;
  }

  async update(prepared: Prepared, _operation: UpdateOperation, rows: readonly UpdateRow[]): Promise<UpdateEnd> {
    const held = this.held.find((one) => one.prepared === prepared);
    if (held === undefined) throw new Error('not prepared here');
    this.#use(held, 'sent');
    this.calls.push(rows.map((row) => row.order));
    return this.script(rows, this.calls.length - 1);
  }

  async lookup(
    _account: Account,
    operation: LookupOperation,
    params: Values,
    cursor: string | null,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<LookupEnd> {
    this.lookups.push({ operation: operation.id, params, cursor });
    return this.onLookup(params, cursor, options.signal);
  }

  vendorNow(): number {
    return this.vendorMs;
  }

  /** How many prepared calls were neither sent nor released. */
  get leaked(): number {
    return this.held.filter((one) => one.how === 'held').length;
  }

  #use(held: Held, how: 'released' | 'sent'): void {
    if (held.how !== 'held') throw new Error(`a prepared call was ${held.how}, and then ${how}`);
    held.how = how;
  }
}

export interface JobSetup {
  /** Orders, or whole rows. */
  readonly rows: readonly (string | IntakeRow)[];
  readonly operation?: Partial<UpdateOperation>;
  readonly options?: Partial<JobSpec['options']>;
  /** The account's, or the vendor's, calls at once. */
  readonly concurrency?: number;
  readonly account?: Account;
}

export interface TestJob {
  readonly id: number;
  readonly context: JobContext;
  readonly gateway: ScriptedGateway;
  /** The context with the job as the journal has it now. */
  fresh(): Promise<Job>;
  rows(): Promise<JournalRow[]>;
  /** `state` or `not_sent:reason` of each row. */
  states(): Promise<string[]>;
  counts(): Promise<JobCounts>;
}

/** What stands between the jobs and the real journal in a test. */
export interface JournalHooks {
  /** Runs before `apply` reaches the journal; may throw, and is waited for. */
  before?: (entries: readonly JournalEntry[]) => unknown;
  /** Runs when `apply` has come back. */
  after?: (entries: readonly JournalEntry[]) => void;
  /** Runs before any call of the journal; may throw. */
  any?: (name: string) => void;
}

/** The real journal in its worker thread, in a folder of its own. */
export class TestJournal {
  readonly hooks: JournalHooks = {};
  readonly folder: string;
  readonly journal: Journal;
  readonly #client: Journal;
  readonly #remove: () => void;
  #accounts = 0;

  private constructor(folder: string, client: Journal, remove: () => void) {
    this.folder = folder;
    this.#client = client;
    this.#remove = remove;
    const { hooks } = this;
    this.journal = {
      ...client,
      call: async (name, args) => {
        hooks.any?.(name);
        if (name !== 'apply') return client.call(name, args);
        const entries = unpackEntries((args as { entries: PackedEntries }).entries);
        await hooks.before?.(entries);
        const result = await client.call(name, args);
        hooks.after?.(entries);
        return result;
      },
    };
  }

  static async start(
    worker = new URL('../../../../src/main/data-worker.ts', import.meta.url),
    options: { readonly busyMs?: number } = {},
  ): Promise<TestJournal> {
    const folder = temporaryFolder();
    const client = await startStore<JournalProcedures>(worker, { folder: folder.path, mode: 'write', ...options });
    return new TestJournal(folder.path, client, () => folder.remove());
  }

  /** The journal without hooks. */
  get plain(): Journal {
    return this.#client;
  }

  clearHooks(): void {
    for (const key of ['before', 'after', 'any'] as const) delete this.hooks[key];
  }

  async close(): Promise<void> {
    await this.#client.close();
    this.#remove();
  }

  /** An account that no other job has. */
  newAccount(): Account {
    this.#accounts += 1;
    return accountOf(`shop-${this.#accounts}`);
  }

  /** A job that is ready to run. */
  async job(setup: JobSetup): Promise<TestJob> {
    const account = setup.account ?? this.newAccount();
    const spec = jobSpec({ accountId: account.id, options: { ...jobSpec().options, ...setup.options } });
    const client = this.#client;
    const id = await client.call('createJob', { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
    const rows = setup.rows.map((row, index) => (typeof row === 'string' ? fitRow(index + 1, row) : row));
    await client.call('addRows', { jobId: id, firstRowNo: 1, rows: packRows(rows) });
    await client.call('finishIntake', { jobId: id, spec });
    const operation = updateOperation(setup.operation);
    const gateway = new ScriptedGateway();
    const fresh = (): Promise<Job> => client.call('getJob', { id });
    const allRows = (): Promise<JournalRow[]> => client.call('getRows', { jobId: id, after: 0, limit: 5_000 });
    return {
      id,
      gateway,
      fresh,
      rows: allRows,
      states: async () =>
        (await allRows()).map((row) => (row.reason === null ? row.state : `${row.state}:${row.reason}`)),
      counts: () => client.call('getCounts', { jobId: id }),
      context: {
        job: await fresh(),
        account,
        vendor: vendorOf(operation, setup.concurrency ?? 1),
        operation,
        journal: this.journal,
        gateway,
        now: () => NOW_MS,
        steadyNow: () => NOW_MS,
        sleep: async () => {},
      },
    };
  }
}

/** The orders `o1` … `on`. */
export function orders(n: number, prefix = 'o'): string[] {
  return Array.from({ length: n }, (_, index) => `${prefix}${index + 1}`);
}

/** Whether the four outcomes (and nothing that is still `sending`) sum to the rows. */
export function sums(counts: JobCounts): boolean {
  const { succeeded, failed, unknown, notSent, sending, total } = counts;
  return sending === 0 && succeeded + failed + unknown + notSent === total;
}
