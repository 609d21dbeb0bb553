import { appError, type AppError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Job, JournalRow } from '../types.ts';

/** NOTHING_TO_UNDO: the operation knows no way back. */
export function noWayBack(job: Job): AppError {
  return appError(
    'NOTHING_TO_UNDO',
    { zh: `任务 ${job.id} 的操作无法撤销。`, en: `What job ${job.id} does cannot be undone.` },
    { zh: '请到供应商后台处理。', en: "Handle it in the vendor's back office." },
    { data: { job: job.id } },
  );
}

/** NOTHING_TO_UNDO: no row of the job can be set back. */
export function nothingToUndo(job: Job): AppError {
  return appError(
    'NOTHING_TO_UNDO',
    {
      zh: `任务 ${job.id} 没有可以撤销的行：没有成功的行，或写入前没有读到原来的值，或原来的值供应商不收。`,
      en: `No row of job ${job.id} can be undone: none succeeded, or the old values were not read before the write, or the vendor does not take them.`,
    },
    {
      zh: '各行写入前的值可以在报告里看到；需要时请到供应商后台改回。',
      en: "The report shows what was read before each write; set it back in the vendor's back office where you must.",
    },
    { data: { job: job.id } },
  );
}

/** ROW_NOT_EDITABLE: why a row may not be edited. */
export function notEditable({ jobId, rowNo, line }: JournalRow, why: Bilingual): AppError {
  return appError(
    'ROW_NOT_EDITABLE',
    { zh: `第 ${line} 行不能改：${why.zh}。`, en: `Line ${line} cannot be edited: ${why.en}.` },
    { zh: '请重新打开任务，看它现在的状态。', en: 'Open the job again and look where the row stands.' },
    { data: { job: jobId, row: rowNo } },
  );
}

/** NOTHING_MENDED: the job has no mended row that waits for a follow-up. */
export function nothingMended(job: Job): AppError {
  return appError(
    'NOTHING_MENDED',
    { zh: `任务 ${job.id} 没有改好、等待重发的行。`, en: `Job ${job.id} has no mended row that waits to be sent.` },
    { zh: '请先改正失败的行。', en: 'Mend rows that failed first.' },
    { data: { job: job.id } },
  );
}

/** COUNT_NOT_CONFIRMED: more rows would be sent without a way back than the person lets pass with a plain yes. `given`: what was typed, null nothing. */
export function notConfirmed(job: Job, sends: number, given: number | null): AppError {
  return appError(
    'COUNT_NOT_CONFIRMED',
    given === null
      ? {
          zh: `任务 ${job.id} 将发送 ${sends} 行，发出后无法撤销，要输入行数确认。`,
          en: `Job ${job.id} would send ${sends} rows, with no way back: their number must be typed to confirm.`,
        }
      : {
          zh: `输入的行数是 ${given}，而任务 ${job.id} 将发送 ${sends} 行；什么都没有发送。`,
          en: `${given} was typed, but job ${job.id} would send ${sends} rows; nothing was sent.`,
        },
    { zh: '请核对行数，再输入一次。', en: 'Compare the number and type it again.' },
    { data: { job: job.id, count: sends } },
  );
}

/** JOB_STATE: what the orders' state forbids is not sent, whoever insists on it. */
export function noInsisting(job: Job): AppError {
  return appError(
    'JOB_STATE',
    {
      zh: `任务 ${job.id} 的操作无法收回，状态不允许的行不能发送。`,
      en: `What job ${job.id} does cannot be taken back, so rows whose state forbids it are not sent.`,
    },
    {
      zh: '等订单到了可以处理的状态，再重新读取。',
      en: 'Read them again once their orders have come to a state that allows it.',
    },
    { data: { job: job.id, state: job.state } },
  );
}
