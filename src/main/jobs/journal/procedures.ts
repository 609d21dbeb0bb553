import { finishErasing } from '../../store/erase.ts';
import { applyPacked } from './calls.ts';
import { erasable, eraseCells } from './erase.ts';
import { eventsOf } from './events.ts';
import { earlierJobs, recallMapping, rememberMapping } from './inputs.ts';
import { addRows, dropIntake, finishIntake } from './intake.ts';
import { callsInDoubt } from './in-doubt.ts';
import { createJob, getJob, listJobs, markErased, nameJob, setJobState, tryWrite } from './jobs.ts';
import { addReverseRows, confirmCount, dropEdit, editRows, jobLinks, makeFollowUp, rowsAtLines } from './mend.ts';
import { orderFacts } from './order-log.ts';
import { findOrder, getCounts, getRows, nextPending } from './reads.ts';
import { cancelPending, recover, rependRejected, retryRows } from './recovery.ts';
import { jobStates, settledTimes } from './report.ts';
import { allowRows, beginSeeing, rowsToSee, see, seenOf } from './seen.ts';
import { accountRuns, causes, crashedJobs, jobsAt, locateRow, rowAt, rowsAt } from './window.ts';

/** The journal's procedures: run by the store's worker thread, or straight on a database in a test. */
export const journalProcedures = {
  createJob,
  getJob,
  listJobs,
  setJobState,
  tryWrite,
  nameJob,
  addRows,
  finishIntake,
  dropIntake,
  apply: applyPacked,
  getRows,
  nextPending,
  getCounts,
  findOrder,
  recover,
  cancelPending,
  rependRejected,
  retryRows,
  rowsAt,
  rowAt,
  locateRow,
  causes,
  jobsAt,
  crashedJobs,
  accountRuns,
  eventsOf,
  editRows,
  dropEdit,
  rowsAtLines,
  makeFollowUp,
  addReverseRows,
  jobLinks,
  confirmCount,
  callsInDoubt,
  beginSeeing,
  rowsToSee,
  see,
  seenOf,
  allowRows,
  settledTimes,
  orderFacts,
  jobStates,
  earlierJobs,
  rememberMapping,
  recallMapping,
  erasable,
  eraseCells,
  markErased,
  finishErasing,
};
export type JournalProcedures = typeof journalProcedures;
