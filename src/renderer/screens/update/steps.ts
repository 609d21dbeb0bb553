import type { JobView, JobWithCounts } from '../../../contract/job.ts';

/** The five steps of a bulk update, in their order. */
export const STEPS = ['intake', 'check', 'preview', 'run', 'report'] as const;
export type Step = (typeof STEPS)[number];

/** Whether a word from an address names a step. */
export function isStep(word: unknown): word is Step {
  return STEPS.some((step) => step === word);
}

/** Rows of a job that a check let through, whatever has become of them. */
export function fitRows({ counts }: JobWithCounts): number {
  return counts.total - (counts.byReason.set_aside ?? 0);
}

/** Whether something is done with a job besides reading present values for its preview. */
function isAtWork({ busy }: JobView): boolean {
  return busy !== null && busy !== 'reading';
}

/** Whether something of a job is or was under way. */
function begun(job: JobView): boolean {
  return job.startedAt !== null || isAtWork(job) || job.state === 'running';
}

/** Rows that a reading kept back and a person may have sent all the same. */
export function keptBack({ counts }: JobWithCounts): number {
  return (counts.byReason.state_forbids ?? 0) + (counts.byReason.changed_since_preview ?? 0);
}

/** The step at which a job is opened: where it stands. */
export function stepOf(found: JobWithCounts): Step {
  const { job } = found;
  if (isAtWork(job) || job.state === 'running' || (job.state === 'paused' && begun(job))) return 'run';
  if (job.state === 'finished' || job.state === 'cancelled') return 'report';
  return fitRows(found) === 0 ? 'check' : 'preview';
}

/** The steps that can be looked at; without a job there is the intake alone. `previewed`: a preview is at hand, whatever runs now. */
export function reachable(found: JobWithCounts | null, previewed: boolean): ReadonlySet<Step> {
  const steps = new Set<Step>(['intake']);
  if (found === null) return steps;
  const { job, counts } = found;
  steps.add('check');
  const open = (counts.byReason.pending ?? 0) > 0 || keptBack(found) > 0 || job.state === 'ready';
  if (previewed || (open && fitRows(found) > 0 && !isAtWork(job))) steps.add('preview');
  if (begun(job)) steps.add('run');
  if (begun(job) || job.state === 'finished' || job.state === 'cancelled') steps.add('report');
  return steps;
}

/** The step before one that can be looked at; null at the first. */
export function stepBefore(step: Step, steps: ReadonlySet<Step>): Step | null {
  return STEPS.slice(0, STEPS.indexOf(step)).findLast((one) => steps.has(one)) ?? null;
}

/** A column's letters as a spreadsheet shows them: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return letters;
}
