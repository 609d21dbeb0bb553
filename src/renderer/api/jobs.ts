import { LOG_PAGE } from '../../contract/order-log.ts';
import type { ExportFormat, RowFilterView } from '../../contract/job.ts';
import { call } from './client.ts';

/** At most 200 jobs, the newest first. */
export const listJobs = (offset: number, limit: number) => call('jobs.list', { offset, limit });
export const getJob = (jobId: number) => call('jobs.get', { jobId });
/** At most 200 rows of a job. */
export const jobRows = (jobId: number, filter: RowFilterView, offset: number, limit: number) =>
  call('jobs.rows', { jobId, filter, offset, limit });
export const jobRow = (jobId: number, rowNo: number) => call('jobs.row', { jobId, rowNo });
export const locateOrder = (jobId: number, filter: RowFilterView, order: string) =>
  call('jobs.locate', { jobId, filter, order });
export const jobReasons = (jobId: number) => call('jobs.reasons', { jobId });
export const previewJob = (jobId: number) => call('jobs.preview', { jobId });
/** Begins or resumes a run; null sends all that is left. `confirmed`: the number of rows as it was typed, where it was asked for. */
export const runJob = (jobId: number, firstRows: number | null, confirmed: number | null = null) =>
  call('jobs.run', { jobId, firstRows, ...(confirmed === null ? {} : { confirmed }) });
export const pauseJob = (jobId: number) => call('jobs.pause', { jobId });
export const cancelJob = (jobId: number) => call('jobs.cancel', { jobId });
export const retryJob = (jobId: number) => call('jobs.retry', { jobId });
export const verifyJob = (jobId: number) => call('jobs.verify', { jobId });
export const stopVerify = (jobId: number) => call('jobs.stopVerify', { jobId });
/** Begins to read present values: all of them anew, or those that are not read yet. */
export const lookAtJob = (jobId: number, again: boolean) => call('jobs.look', { jobId, again });
export const stopLook = (jobId: number) => call('jobs.stopLook', { jobId });
/** Makes rows that a reading kept back pending again. */
export const allowRows = (jobId: number, reason: 'state_forbids' | 'changed_since_preview') =>
  call('jobs.allow', { jobId, reason });
export const nameJob = (jobId: number, title: string | null) => call('jobs.name', { jobId, title });
/** Asks where to and saves; null when the person closed the dialog. */
export const exportJob = (jobId: number, raw: boolean, format: ExportFormat = 'csv') =>
  call('jobs.export', { jobId, raw, format });
/** An order in all jobs, the newest first. */
export const findOrder = (order: string) => call('jobs.find', { order });

/** One page of what is kept of an order in all jobs, the oldest first. */
export const orderLog = (order: string, offset: number) => call('jobs.orderLog', { order, offset, limit: LOG_PAGE });
