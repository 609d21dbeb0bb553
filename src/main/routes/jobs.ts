import { AppError } from '../../contract/errors.ts';
import type { JobView, JobWithCounts, ReasonGroup, RowView } from '../../contract/job.ts';
import { PAGE_ROWS } from '../../contract/lookup.ts';
import { retryClassOf, type RetryClass } from '../../contract/outcome.ts';
import type { RequestView } from '../../contract/request.ts';
import type { PreviewView } from '../../contract/routes.ts';
import { PROBLEM_WORDS, REASON_WORDS, STATE_WORDS } from '../../contract/words.ts';
import { describeRequest } from '../gateway/describe.ts';
import { exportName } from '../jobs/export/name.ts';
import type { JobLinks } from '../jobs/journal/mend.ts';
import type { CauseGroup } from '../jobs/journal/window.ts';
import { readsBefore } from '../jobs/runner/before.ts';
import type { JobContext } from '../jobs/runner/types.ts';
import { orderLogPage } from '../jobs/order-log.ts';
import { isUndoable } from '../jobs/mend/confirm.ts';
import type { Job, JournalRow } from '../jobs/types.ts';
import { composed, writtenRow } from '../jobs/written.ts';
import { clockOf, deadlineView } from './deadline.ts';
import { operation as operationOf } from '../vendors/registry.ts';
import type { UpdateRow, Values } from '../vendors/types.ts';
import type { RouteContext, Routes } from './context.ts';
import { languageOf } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Rows that a preview shows. */
const PREVIEW_ROWS = 20;

/** A job as it stands: what a run waits for holds though the journal could not be told of it. */
function jobView(job: Job, jobs: Workspace['jobs'], links: JobLinks): JobView {
  const waiting = jobs.waiting(job.id);
  const view = { ...job, title: job.title ?? null, busy: jobs.busy(job.id), ...links, undoable: isUndoable(job) };
  if (waiting === null) return view;
  return { ...view, state: 'paused', pauseReason: waiting.reason, pauseText: waiting.text, waiting };
}

/** The original cells go along with a row that is set aside alone: they are what a person mends. */
function rowView(
  job: Pick<Job, 'vendor' | 'operation' | 'params'>,
  journalRow: JournalRow,
  offsetMs: number | null,
): RowView {
  const { cells, readings: _readings, track: _track, expects: _expects, ...row } = journalRow;
  const operation = operationOf(job.vendor, job.operation, 'update');
  const writes = writtenRow(operation, job.params, row)?.values ?? null;
  const until = deadlineView(operation, job.params, row, offsetMs);
  const view = { ...row, mended: row.mended !== null, writes, ...until };
  return row.reason === 'set_aside' ? { ...view, cells } : view;
}

async function withCounts({ services, jobs }: Workspace, job: Job): Promise<JobWithCounts> {
  const links = await services.journal.call('jobLinks', { jobId: job.id });
  return { job: jobView(job, jobs, links), counts: await jobs.counts(job) };
}

/** What a person may do with rows of a cause. In doubt, nothing: they are verified first. */
function retryOf({ state, reason, failure, problem }: CauseGroup): RetryClass | null {
  if (state === 'unknown') return null;
  if (failure !== null) return retryClassOf(failure.class);
  if (problem !== null) return 'fix_first';
  return reason === 'changed_since_preview' || reason === 'state_forbids' ? null : 'retryable';
}

function reasonGroup(group: CauseGroup): ReasonGroup {
  const { state, reason, failure, problem, note, count, mended, lines } = group;
  const plain = reason === null ? STATE_WORDS[state].words : REASON_WORDS[reason];
  const text = problem === null ? (note ?? plain) : (PROBLEM_WORDS[problem.code] ?? problem.message);
  return {
    state,
    code: failure?.code ?? problem?.code ?? reason ?? state,
    failure,
    text: failure === null ? text : null,
    retry: retryOf(group),
    count,
    mended,
    lines,
  };
}

/** The first call as it would be signed, with an expired time: it is never sent. */
async function firstRequest(
  { services }: Workspace,
  { account, operation, job }: JobContext,
  rows: readonly UpdateRow[],
): Promise<Pick<PreviewView, 'request' | 'requestError'>> {
  try {
    const prepared = await services.gateway.prepare(account, (with_) => operation.request(rows, job.params, with_), {
      expired: true,
    });
    try {
      const secrets = await services.vault.readSecrets(account.id);
      const request: RequestView = describeRequest(prepared.request, secrets);
      return { request, requestError: null };
    } finally {
      prepared.release();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { request: null, requestError: error.text };
  }
}

/** What a run would send: from the rows, the account's pacing and the operation's reads before each write. */
async function preview(workspace: Workspace, jobId: number): Promise<PreviewView> {
  const { journal, jobs } = workspace.services;
  const context = await jobs.context(jobId);
  const { account, operation, vendor, job } = context;
  const pendingOnly = { state: 'not_sent', reason: 'pending' } as const;
  const { total: pending, rows } = await journal.call('rowsAt', {
    jobId,
    filter: pendingOnly,
    offset: 0,
    limit: PREVIEW_ROWS,
  });
  const calls = Math.ceil(pending / operation.batchSize);
  const reads = readsBefore(context) ? pending : 0;
  const perSecond = account.pacing?.perSecond ?? vendor.limits.perSecond;
  const offsetMs = await clockOf(workspace.services, job);
  const first = await journal.call('nextPending', { jobId, after: 0, limit: operation.batchSize });
  const sent = first.map(({ order, fields, seen: shown }) => {
    const present = shown === null ? null : (JSON.parse(shown) as Values);
    return composed(operation, { order, values: JSON.parse(fields) as Values }, present, job.params);
  });
  const shown =
    sent.length === 0 ? { request: null, requestError: null } : await firstRequest(workspace, context, sent);
  return {
    pending,
    calls,
    // The first goes at once.
    leastMs: (Math.max(0, calls + reads - 1) * 1000) / perSecond,
    rows: rows.map((row) => rowView(job, row, offsetMs)),
    warnings: job.kind === 'undo' ? (operation.undoWarnings ?? []) : operation.warnings,
    seen: operation.readBefore === undefined ? null : await journal.call('seenOf', { jobId }),
    ...shown,
  };
}

/** What only reads. */
function readingRoutes({ workspace }: RouteContext) {
  return {
    'jobs.list': async (page) => {
      const present = await workspace();
      const { total, jobs } = await present.services.journal.call('jobsAt', page);
      return { total, jobs: await Promise.all(jobs.map((job) => withCounts(present, job))) };
    },
    'jobs.get': async ({ jobId }) => {
      const present = await workspace();
      return withCounts(present, await present.services.journal.call('getJob', { id: jobId }));
    },
    'jobs.rows': async (wanted) => {
      const { services, jobs } = await workspace();
      const { total, rows } = await services.journal.call('rowsAt', wanted);
      if (rows.length === 0) return { total, rows: [] };
      const job = await services.journal.call('getJob', { id: wanted.jobId });
      const offsetMs = await clockOf(services, job);
      return { total, rows: rows.map((row) => ({ ...rowView(job, row, offsetMs), selected: jobs.isSelected(row) })) };
    },
    'jobs.row': async ({ jobId, rowNo }) => {
      const { services } = await workspace();
      const job = await services.journal.call('getJob', { id: jobId });
      const row = await services.journal.call('rowAt', { jobId, rowNo });
      return { row: rowView(job, row, await clockOf(services, job)), header: job.header, cells: row.cells };
    },
    'jobs.locate': async (wanted) => {
      const offset = await (await workspace()).services.journal.call('locateRow', wanted);
      return offset === null ? null : { offset };
    },
    'jobs.reasons': async ({ jobId }) => {
      const groups = await (await workspace()).services.journal.call('causes', { jobId });
      return groups.map(reasonGroup);
    },
    'jobs.preview': async ({ jobId }) => preview(await workspace(), jobId),
    'jobs.orderLog': async ({ order, offset, limit }) => {
      const { journal } = (await workspace()).services;
      return orderLogPage(await journal.call('orderFacts', { order: order.trim(), offset, limit }));
    },
    'jobs.find': async ({ order }) => {
      const { journal } = (await workspace()).services;
      const rows = (await journal.call('findOrder', { order: order.trim() })).slice(0, PAGE_ROWS);
      const jobs = new Map<number, Job>();
      for (const id of new Set(rows.map((row) => row.jobId))) jobs.set(id, await journal.call('getJob', { id }));
      return rows.flatMap((row) => {
        const job = jobs.get(row.jobId);
        if (job === undefined) return [];
        return [{ row: rowView(job, row, null), accountLabel: job.accountLabel, operation: job.operation }];
      });
    },
  } satisfies Partial<Routes<'jobs'>>;
}

/** What a person makes of rows afterwards. */
function mendingRoutes({ workspace }: RouteContext) {
  return {
    'jobs.undo': async ({ jobId }) => (await workspace()).jobs.undo(jobId),
    'jobs.editable': async ({ jobId, rowNo }) => (await workspace()).services.jobs.editable(jobId, rowNo),
    'jobs.checkEdit': async ({ jobId, values }) => {
      const checked = await (await workspace()).services.jobs.checkEdit(jobId, values);
      const [problems, warnings] = checked.ok ? [[], checked.warnings] : [checked.problems, []];
      return { saved: false, problems, warnings };
    },
    'jobs.edit': async ({ jobId, rowNo, values }) => (await workspace()).jobs.editRow(jobId, rowNo, values),
    'jobs.followUp': async ({ jobId }) => (await workspace()).jobs.followUp(jobId),
    'jobs.select': async ({ jobId, change }) => ({ selected: await (await workspace()).jobs.select(jobId, change) }),
    'jobs.decide': async ({ jobId, as, rowNo }) => (await workspace()).jobs.decide(jobId, as, rowNo),
  } satisfies Partial<Routes<'jobs'>>;
}

/** The routes of jobs. */
export function jobRoutes(context: RouteContext): Routes<'jobs'> {
  const { workspace, desk, files, settings } = context;
  return {
    ...readingRoutes(context),
    'jobs.run': async ({ jobId, firstRows, confirmed }) => {
      await (await workspace()).jobs.run(jobId, firstRows, confirmed ?? null);
    },
    ...mendingRoutes(context),
    'jobs.pause': async ({ jobId }) => {
      await (await workspace()).jobs.pause(jobId);
    },
    'jobs.cancel': async ({ jobId }) => {
      await (await workspace()).jobs.cancel(jobId);
    },
    'jobs.retry': async ({ jobId }) => ({ rows: await (await workspace()).jobs.retry(jobId) }),
    'jobs.verify': async ({ jobId }) => {
      await (await workspace()).jobs.verify(jobId);
    },
    'jobs.stopVerify': async ({ jobId }) => {
      (await workspace()).jobs.stopReading(jobId);
    },
    'jobs.look': async ({ jobId, again }) => {
      await (await workspace()).jobs.look(jobId, again);
    },
    'jobs.stopLook': async ({ jobId }) => {
      (await workspace()).jobs.stopReading(jobId);
    },
    'jobs.allow': async ({ jobId, reason }) => ({ rows: await (await workspace()).jobs.allow(jobId, reason) }),
    'jobs.name': async ({ jobId, title }) => {
      await (await workspace()).jobs.name(jobId, title);
    },
    'jobs.export': async ({ jobId, raw, format }) => {
      const { services } = await workspace();
      const job = await services.journal.call('getJob', { id: jobId });
      const path = await desk.saveFile(exportName(job, new Date(), format));
      if (path === null) return null;
      const language = languageOf(settings.get(), desk.systemLanguages());
      // The dialog has asked whether a file that is there is to be replaced.
      const made = await services.jobs.export(jobId, { path, language, raw, format, overwrite: true });
      return files.saved(made.path, made.rows);
    },
  };
}
