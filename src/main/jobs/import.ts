import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Problem, Settings, UpdateOperation, Values } from '../vendors/types.ts';
import { filledField, intakeFields } from './intake/filled.ts';
import { planIntake, type ExplicitMapping, type IntakePlan } from './intake/mapping.ts';
import { openInput, type InputOptions, type InputSource, type OpenedInput } from './intake/input.ts';
import { headerHash, movableMapping } from './intake/remembered.ts';
import { readRows } from './intake/rows.ts';
import type { EarlierJob } from './journal/inputs.ts';
import { RowPacker } from './journal/packed.ts';
import type { Journal } from './runner/types.ts';
import { patiently, type Patience } from './waits/patience.ts';
import type { IntakeRow, JobOptions, JobSource, JobSpec } from './types.ts';

export interface ImportRequest {
  readonly account: Account;
  readonly operation: UpdateOperation;
  /** What all rows share, as the person gave it. */
  readonly params: Values;
  readonly source: InputSource;
  readonly input?: InputOptions;
  readonly mapping?: ExplicitMapping;
  readonly hasHeader?: boolean;
  /** `mapping` is all of it: a field that it leaves out has no column. */
  readonly mappingIsWhole?: boolean;
  readonly options: JobOptions;
  /** The person's name for the job. */
  readonly title?: string;
  /**
   * Earlier jobs of the same file that the person knows of: an intake that finds another is refused with INTAKE_REPEATED. Left out, nobody
   * is asked.
   */
  readonly known?: readonly number[];
  readonly now: () => number;
  /** The vendor's time now, ms; this machine's when left out. */
  readonly vendorNow?: () => number;
  /** When the console first saw an order, vendor's ms; undefined for one that it sees now. */
  readonly seenAt?: (order: string) => number | undefined;
  /** Told after each batch. */
  readonly tell?: (rows: number) => void;
  /** How the intake waits for room on the disk and for a lock; without it their errors end it. */
  readonly patience?: Omit<Patience, 'signal'> | undefined;
  /** Stops the intake between two batches: the job is removed, and USAGE with `stopped` in its data says so. */
  readonly signal?: AbortSignal;
}

export interface Imported {
  readonly jobId: number;
  readonly rows: number;
  /** Columns of the input that belong to no field. */
  readonly unmapped: readonly string[];
  readonly notices: readonly Bilingual[];
  /** The first warnings of rows that are fit to be sent, and how many there are in all. */
  readonly warnings: readonly { readonly line: number; readonly problem: Problem }[];
  readonly warningCount: number;
  readonly paramWarnings: readonly Problem[];
}

const MOST_WARNINGS = 100;
/** Batches being written while the next is read: enough that reader and writer both work, little enough for memory. */
const MOST_WRITING = 4;
/** Rows of a transaction: enough that its pages are worth writing. */
const WRITE_ROWS = 1_000;

function stopped(): Error {
  return appError(
    'USAGE',
    { zh: '已停止读入，什么都没有留下。', en: 'The intake was stopped; nothing of it was kept.' },
    { zh: '需要时请重新读入。', en: 'Read it in again when it is wanted.' },
    { data: { stopped: true } },
  );
}

/** INTAKE_REPEATED: the same bytes were read in before, for this account and operation. */
function repeated(name: string, { jobId, createdAt, total, succeeded }: EarlierJob): Error {
  const at = createdAt.slice(0, 10);
  return appError(
    'INTAKE_REPEATED',
    {
      zh: `“${name}”与任务 ${jobId}（${at}）读入的是同一个文件，那次 ${total} 行中成功了 ${succeeded} 行。`,
      en: `"${name}" is the file of job ${jobId} of ${at}, in which ${succeeded} of ${total} rows succeeded.`,
    },
    {
      zh: '请先查看那个任务；确实要再发一次时，请确认再次导入（命令行加 --again）。',
      en: 'Look at that job first; if it really is to be imported again, confirm that (--again on the command line).',
    },
    { data: { file: name, job: jobId } },
  );
}

/** Refuses a file that was read in before, in a job that the person was not told of. */
async function refuseRepeated(journal: Journal, request: ImportRequest, input: OpenedInput): Promise<void> {
  const { known, account, operation } = request;
  const sha256 = input.sha256();
  if (known === undefined || sha256 === null || input.kind !== 'file') return;
  const earlier = await journal.call('earlierJobs', { accountId: account.id, operation: operation.id, sha256 });
  const other = earlier.find(({ jobId }) => !known.includes(jobId));
  if (other !== undefined) throw repeated(input.name, other);
}

/** Where the rows come from, as far as it is known by now. */
function sourceOf(input: OpenedInput): JobSource {
  const sha256 = input.sha256();
  return {
    kind: input.kind,
    name: input.name,
    ...(input.sheet === null ? {} : { sheet: input.sheet }),
    ...(sha256 === null ? {} : { sha256 }),
  };
}

/** Keeps the columns for the next input with such a header. */
async function rememberColumns(
  journal: Journal,
  { account, operation, now }: ImportRequest,
  { header, mapping }: IntakePlan,
): Promise<void> {
  if (header === null) return;
  await journal.call('rememberMapping', {
    vendor: account.vendor,
    operation: operation.id,
    header: headerHash(header),
    columns: movableMapping(header, mapping),
    atMs: now(),
  });
}

function refusedParams(problems: readonly Problem[]): Error {
  return appError(
    'USAGE',
    {
      zh: `任务的设定有误：${problems.map((one) => one.message.zh).join(' ')}`,
      en: `The job's values are not right: ${problems.map((one) => one.message.en).join(' ')}`,
    },
    { zh: '请改正后重试；还没有读入任何数据。', en: 'Mend them and try again; nothing has been read yet.' },
  );
}

/** The shared values, checked and completed; throws USAGE with what is wrong. */
export function checkedParams(
  operation: UpdateOperation,
  params: Values,
  settings: Settings,
): { readonly value: Values; readonly warnings: readonly Problem[] } {
  const checked = operation.checkParams(params, settings);
  if (!checked.ok) throw refusedParams(checked.problems);
  return checked;
}

/** A batch is written whole or not at all, so it may be tried again while there is no room for it. */
function waiting<T>(
  work: () => Promise<T>,
  { patience, signal }: Pick<ImportRequest, 'patience'> & { readonly signal?: AbortSignal | undefined },
): Promise<T> {
  return patience === undefined ? work() : patiently(work, { ...patience, signal });
}

/** Stands outside of `writeRows`, so that a promise that has it keeps no batch alive. */
function ignored(): void {}

/** Writes batches as they are read, a few ahead of the database thread; answers how many rows. Nothing is under way when it ends. */
async function writeRows(
  journal: Journal,
  jobId: number,
  batches: AsyncIterable<readonly IntakeRow[]>,
  { tell, signal, patience }: Pick<ImportRequest, 'tell' | 'signal' | 'patience'>,
): Promise<number> {
  const writing: Promise<void>[] = [];
  const packer = new RowPacker();
  let total = 0;
  const write = (): void => {
    const batch = { jobId, firstRowNo: total - packer.waiting + 1, rows: packer.take() };
    const written = waiting(() => journal.call('addRows', batch), { patience, signal });
    // Its failure is met below, in its turn; until then it must not count as unhandled.
    written.catch(ignored);
    writing.push(written);
  };
  try {
    for await (const rows of batches) {
      if (signal?.aborted === true) throw stopped();
      packer.add(rows);
      total += rows.length;
      if (packer.waiting < WRITE_ROWS) continue;
      write();
      if (writing.length >= MOST_WRITING) await writing.shift();
      tell?.(total);
    }
    if (packer.waiting > 0) write();
    await Promise.all(writing);
    tell?.(total);
    if (signal?.aborted === true) throw stopped();
    return total;
  } finally {
    await Promise.allSettled(writing);
  }
}

/** How the input is read: which column is which field; see `planIntake` for what it throws. */
function planOf(request: ImportRequest, params: Values, first: readonly string[]): IntakePlan {
  const { operation, mapping, hasHeader, mappingIsWhole } = request;
  return planIntake(first, intakeFields(operation, params), {
    ...(mapping === undefined ? {} : { mapping }),
    ...(hasHeader === undefined ? {} : { hasHeader }),
    ...(mappingIsWhole === undefined ? {} : { mappingIsWhole }),
  });
}

/**
 * Reads an input into a new job: every data row exactly once, checked, the unfit ones set aside with their reason, duplicates settled.
 * When the input turns out to be unreadable half-way, or a file that was read in before, the job is removed again. Its columns are kept for
 * the next input with such a header. Throws the intake's errors, and USAGE for wrong values.
 */
export async function importJob(journal: Journal, request: ImportRequest): Promise<Imported> {
  const { account, operation } = request;
  const params = checkedParams(operation, request.params, account.settings);
  const input = await openInput(request.source, request.input ?? {});
  const plan = planOf(request, params.value, input.first.cells);
  const filled = filledField(operation, params.value, plan.header);
  const spec: JobSpec = {
    vendor: account.vendor,
    accountId: account.id,
    accountLabel: account.label,
    operation: operation.id,
    params: params.value,
    source: sourceOf(input),
    header: plan.header,
    mapping: plan.mapping,
    options: request.options,
    ...(request.title === undefined ? {} : { title: request.title }),
  };
  const at = new Date(request.now()).toISOString();
  const nowMs = (request.vendorNow ?? request.now)();
  const jobId = await waiting(() => journal.call('createJob', { spec, at, parentId: null }), request);
  const warnings: { line: number; problem: Problem }[] = [];
  let warningCount = 0;
  let rows: number;
  try {
    const batches = readRows(input, {
      operation,
      params: params.value,
      settings: account.settings,
      mapping: plan.mapping,
      hasHeader: plan.hasHeader,
      clock: { nowMs, seenAtMs: (order) => request.seenAt?.(order) ?? nowMs },
      filled,
      onWarning: (line, problem) => {
        warningCount += 1;
        if (warnings.length < MOST_WARNINGS) warnings.push({ line, problem });
      },
    });
    rows = await writeRows(journal, jobId, batches, request);
    await waiting(() => refuseRepeated(journal, request, input), request);
    await waiting(() => rememberColumns(journal, request, plan), request);
    const whole = { jobId, spec: { ...spec, source: sourceOf(input) }, rowKey: operation.rowKey };
    await waiting(() => journal.call('finishIntake', whole), request);
  } catch (error) {
    // What ended the intake is what a person must hear; should the removal fail as well, the next start removes it.
    await journal.call('dropIntake', { jobId }).catch(() => {});
    throw error;
  }
  const names = plan.header ?? [];
  const unmapped = plan.unmapped.map((index) => names[index] ?? '').filter((name) => name !== '');
  return {
    jobId,
    rows,
    unmapped,
    notices: [...plan.notices, ...input.notices()],
    warnings,
    warningCount,
    paramWarnings: params.warnings,
  };
}
