import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { JobState } from './types.ts';

const STATE_ZH: Readonly<Record<JobState | 'busy', string>> = {
  intake: '正在导入',
  ready: '待开始',
  running: '正在运行',
  paused: '已暂停',
  finished: '已完成',
  cancelled: '已取消',
  busy: '正在运行或查证',
};

/** A job is not in a state in which something may be done with it: which job, its state, and what was wanted in both languages. */
export function wrongState(id: number, state: JobState | 'busy', wanted: Bilingual): Error {
  return appError(
    'JOB_STATE',
    {
      zh: `任务 ${id} ${STATE_ZH[state]}，不能${wanted.zh}。`,
      en: `Job ${id} is ${state}, so it cannot be ${wanted.en}.`,
    },
    { zh: '请先查看它现在的状态。', en: 'Look where it stands first.' },
    { data: { job: id, state } },
  );
}

/** What may be done with a job, as it stands after "cannot be". */
export const RUN: Bilingual = { zh: '运行', en: 'run' };
export const CANCEL: Bilingual = { zh: '取消', en: 'cancelled' };
export const RETRY: Bilingual = { zh: '重试', en: 'retried' };
export const VERIFY: Bilingual = { zh: '查证', en: 'verified' };
export const UNDO: Bilingual = { zh: '撤销', en: 'undone' };
export const MEND: Bilingual = { zh: '改正', en: 'mended' };
export const DECIDE: Bilingual = { zh: '决定', en: 'decided' };
