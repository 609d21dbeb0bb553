import type { Decision, RowSelectionChange } from '../../contract/job.ts';
import { call } from './client.ts';

/** Makes the reverse job of what a job has written; it is then previewed and run as any. */
export const undoJob = (jobId: number) => call('jobs.undo', { jobId });
/** A row's values as a person would edit them; null with the reason where nobody may. */
export const editableRow = (jobId: number, rowNo: number) => call('jobs.editable', { jobId, rowNo });
export const checkEdit = (jobId: number, values: Readonly<Record<string, string>>) =>
  call('jobs.checkEdit', { jobId, values });
/** Saves an edit that its check lets pass; null takes back what was saved for a follow-up. */
export const editRow = (jobId: number, rowNo: number, values: Readonly<Record<string, string>> | null) =>
  call('jobs.edit', { jobId, rowNo, values });
/** Makes the follow-up of a job's mended rows. */
export const followUpJob = (jobId: number) => call('jobs.followUp', { jobId });
/** The selection lies in main; answers how many rows it has. */
export const selectRows = (jobId: number, change: RowSelectionChange) => call('jobs.select', { jobId, change });
/** Decides one row in doubt, or all that are selected. */
export const decideRows = (jobId: number, as: Decision['as'], rowNo: number | null) =>
  call('jobs.decide', { jobId, as, rowNo });
