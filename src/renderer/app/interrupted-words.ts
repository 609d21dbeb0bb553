import type { Bilingual } from '../../contract/text.ts';

/** Words of the note on interrupted jobs. */
export const I = {
  title: { zh: '被中断的任务', en: 'Interrupted jobs' },
  open: { zh: '打开任务', en: 'Open the job' },
  later: { zh: '稍后', en: 'Later' },
  laterHint: { zh: '之后可以在「任务」里继续', en: 'You find it under Jobs' },
} as const satisfies Record<string, Bilingual>;

export const name = (id: number): Bilingual => ({ zh: `任务 ${id}`, en: `Job ${id}` });
export const of = (account: string, operation: Bilingual): Bilingual => ({
  zh: `（${account}，${operation.zh}）`,
  en: ` (${account}, ${operation.en})`,
});
export const interrupted = (inDoubt: number, text: string): Bilingual => {
  if (inDoubt === 0) {
    return {
      zh: '上次意外中断，当时没有正在发送的行。没有重发任何内容。',
      en: ' was interrupted; no row was being sent. Nothing was sent again.',
    };
  }
  return {
    zh: `上次意外中断：当时正在发送的 ${text} 行现在结果未知。没有重发任何内容。`,
    en:
      inDoubt === 1
        ? ' was interrupted; 1 row was being sent and is now unknown. Nothing was sent again.'
        : ` was interrupted; ${text} rows were being sent and are now unknown. Nothing was sent again.`,
  };
};
export const verify = (n: number, text: string): Bilingual => ({
  zh: `查证 ${text} 行`,
  en: n === 1 ? 'Verify 1 row' : `Verify ${text} rows`,
});
export const resume = (n: number, text: string): Bilingual => ({
  zh: `继续，发送 ${text} 单`,
  en: n === 1 ? 'Resume: send 1 order' : `Resume: send ${text} orders`,
});
export const more = (n: number, text: string): Bilingual => ({
  zh: `还有 ${text} 个被中断的任务，在「任务」里。`,
  en: n === 1 ? '1 more interrupted job is under Jobs.' : `${text} more interrupted jobs are under Jobs.`,
});
