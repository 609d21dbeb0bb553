import type { JobWithCounts } from '../../../contract/job.ts';
import { PAUSE_WORDS } from '../../../contract/words.ts';
import { cancelJob, exportJob, pauseJob, runJob, verifyJob } from '../../api/jobs.ts';
import { confirm } from '../../components/confirm.ts';
import { number, t } from '../../i18n/index.ts';
import { countToType } from '../update/way-back.ts';
import { WB } from '../update/words-mend.ts';
import { CANCEL, exported, RESUME, summarised, verifyBegun, W } from './words.ts';

export type JobAction =
  'open' | 'resume' | 'pause' | 'verify' | 'name' | 'cancel' | 'export' | 'export_xlsx' | 'export_html';

/** The kind of file that an action saves. */
const FORMATS = { export: 'csv', export_xlsx: 'xlsx', export_html: 'html' } as const;

/** What was done, for a person where the job's state does not tell it, with the file that came of it. */
export interface Done {
  readonly text?: string;
  readonly fileId?: string;
}

/** Rows that the job has still to send. */
export function leftOf({ counts }: JobWithCounts): number {
  return counts.byReason.pending ?? 0;
}

/** The count that an action's words name. */
export function countOf(action: JobAction, entry: JobWithCounts): number {
  return action === 'verify' ? entry.counts.unknown : leftOf(entry);
}

/** What may be done with a job now, the likeliest first; what only looks is always there. */
export function actionsOf(entry: JobWithCounts, canVerify: boolean, readOnly: boolean): readonly JobAction[] {
  const { job, counts } = entry;
  const acts = new Set<JobAction>(['open']);
  if (!readOnly) {
    const idle = job.busy === null;
    if (job.state === 'paused' && idle) acts.add('resume');
    // One that waits for a time that the vendor set has nothing to go on with before it.
    if (job.waiting !== undefined && job.waiting.reason !== 'vendor_block') acts.add('resume');
    if (job.busy === 'running' || job.busy === 'waiting') acts.add('pause');
    if (counts.unknown > 0 && idle && canVerify && job.state !== 'running') acts.add('verify');
    if (job.state !== 'intake') acts.add('name');
    if (job.state === 'ready' || job.state === 'paused' || job.busy === 'running') acts.add('cancel');
  }
  if (job.state !== 'intake') for (const save of ['export', 'export_xlsx', 'export_html'] as const) acts.add(save);
  return [...acts];
}

/** Asks before the rest of a job is sent, with the count and the account; `typed` is the number that must be typed for it. */
function askResume(entry: JobWithCounts, typed: number | null): Promise<boolean> {
  const { job, counts } = entry;
  const left = number(leftOf(entry));
  const { pauseReason } = job;
  const why = pauseReason === null || pauseReason === 'person' ? null : (job.pauseText ?? PAUSE_WORDS[pauseReason]);
  return confirm({
    title: t(RESUME.title(job.id)),
    text: t(RESUME.text(left, job.accountLabel)),
    verb: t(RESUME.verb(left)),
    danger: false,
    warnings: [
      ...(why === null ? [] : [t(RESUME.paused(t(why)))]),
      ...(counts.unknown > 0 ? [t(RESUME.unknown(number(counts.unknown)))] : []),
      ...((counts.byReason.rejected ?? 0) > 0 ? [t(RESUME.rejected)] : []),
      ...(job.undoable ? [] : [t(WB.none)]),
    ],
    typed,
  });
}

function askCancel(entry: JobWithCounts): Promise<boolean> {
  const left = number(leftOf(entry));
  return confirm({
    title: t(CANCEL.title(entry.job.id)),
    text: t(CANCEL.text(left, entry.job.accountLabel)),
    verb: t(CANCEL.verb(left)),
    danger: true,
  });
}

/**
 * Does it, asking first where something is sent or given up; 'no' when the person thought better of it. `confirmAbove`: above so many rows without
 * a way back their number is typed. Throws BridgeFailure.
 */
export async function act(
  action: Exclude<JobAction, 'open' | 'name'>,
  entry: JobWithCounts,
  confirmAbove: number,
): Promise<Done | 'no'> {
  const { id } = entry.job;
  switch (action) {
    case 'resume': {
      const typed = countToType(entry.job, leftOf(entry), confirmAbove);
      // One that waits goes on anyway.
      if (entry.job.busy !== 'waiting' && !(await askResume(entry, typed))) return 'no';
      await runJob(id, null, entry.job.busy === 'waiting' ? null : typed);
      return {};
    }
    case 'pause':
      await pauseJob(id);
      return {};
    case 'cancel':
      if (!(await askCancel(entry))) return 'no';
      await cancelJob(id);
      return {};
    case 'verify':
      await verifyJob(id);
      return { text: t(verifyBegun(id, number(entry.counts.unknown))) };
    case 'export':
    case 'export_xlsx':
    case 'export_html': {
      const file = await exportJob(id, false, FORMATS[action]);
      if (file === null) return 'no';
      const words = action === 'export_html' ? summarised(id, file.name) : exported(id, number(file.rows), file.name);
      return { text: t(words), fileId: file.fileId };
    }
  }
}

/** Where a job's rows come from, in words. */
export function sourceOf({ job }: JobWithCounts): string {
  if (job.source.kind === 'paste') return t(W.paste);
  return job.source.kind === 'generated' ? t(W.generated) : job.source.name;
}
