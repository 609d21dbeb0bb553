import type { JobView } from '../../../contract/job.ts';

/** The number that must be typed before so many rows of a job are sent; null where a plain yes is enough, or was given for as many before. */
export function countToType(
  { undoable, confirmed }: Pick<JobView, 'undoable' | 'confirmed'>,
  count: number,
  confirmAbove: number,
): number | null {
  return !undoable && count > confirmAbove && count > confirmed ? count : null;
}
