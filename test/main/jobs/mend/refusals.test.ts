import { describe, expect, it } from 'vitest';
import type { AppError, ErrorText } from '../../../../src/contract/errors.ts';
import { noInsisting, nothingMended, nothingToUndo, noWayBack } from '../../../../src/main/jobs/mend/refusals.ts';
import type { Job } from '../../../../src/main/jobs/types.ts';
import { job } from '../export/support.ts';

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): ErrorText => ({
  message: { zh, en },
  remedy: { zh: remedyZh, en: remedyEn },
});

describe('a refusal', () => {
  it.each<[string, (ofJob: Job) => AppError, string, object, ErrorText]>([
    [
      'to undo what knows no way back',
      noWayBack,
      'NOTHING_TO_UNDO',
      { job: 12 },
      text(
        '任务 12 的操作无法撤销。',
        'What job 12 does cannot be undone.',
        '请到供应商后台处理。',
        "Handle it in the vendor's back office.",
      ),
    ],
    [
      'to undo a job without a row that can be set back',
      nothingToUndo,
      'NOTHING_TO_UNDO',
      { job: 12 },
      text(
        '任务 12 没有可以撤销的行：没有成功的行，或写入前没有读到原来的值，或原来的值供应商不收。',
        'No row of job 12 can be undone: none succeeded, or the old values were not read before the write, or the vendor does not take them.',
        '各行写入前的值可以在报告里看到；需要时请到供应商后台改回。',
        "The report shows what was read before each write; set it back in the vendor's back office where you must.",
      ),
    ],
    [
      'to follow up a job without a mended row',
      nothingMended,
      'NOTHING_MENDED',
      { job: 12 },
      text(
        '任务 12 没有改好、等待重发的行。',
        'Job 12 has no mended row that waits to be sent.',
        '请先改正失败的行。',
        'Mend rows that failed first.',
      ),
    ],
    [
      'to insist on what cannot be taken back',
      noInsisting,
      'JOB_STATE',
      { job: 12, state: 'finished' },
      text(
        '任务 12 的操作无法收回，状态不允许的行不能发送。',
        'What job 12 does cannot be taken back, so rows whose state forbids it are not sent.',
        '等订单到了可以处理的状态，再重新读取。',
        'Read them again once their orders have come to a state that allows it.',
      ),
    ],
  ])('%s says what and what to do, in both languages', (_what, refusal, code, data, words) => {
    const error = refusal(job());
    expect([error.code, error.data, error.text]).toEqual([code, data, words]);
  });
});
