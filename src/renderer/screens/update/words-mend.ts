import type { Bilingual } from '../../../contract/text.ts';
import { number } from '../../i18n/index.ts';
import { plural } from './words.ts';

const rows = (n: number): string => plural(n, 'row', 'rows');

/** Words of the way back: before a run, and after it. */
export const WB = {
  none: {
    zh: '无法撤销：供应商执行后，控制台不能改回。',
    en: 'There is no undo: what the vendor has done stays done.',
  },
  unread: {
    zh: '无法撤销：没有选择写入前读取现值，原来的值不会留下。',
    en: 'There is no undo: the present values are not read before the writes, so nothing is kept to set back.',
  },
  some: {
    zh: '可以撤销：写入前会留下原来的值，之后可在报告里另建一个撤销任务。原来为空、供应商不收的值写不回去。',
    en: 'It can be undone: the old values are kept, and the report makes a reverse job of them. A value that was empty before, and that the vendor does not take, cannot be written back.',
  },
  undo: (n: number) => ({ zh: `撤销 ${number(n)} 行…`, en: `Undo ${rows(n)} …` }),
  undoHelp: {
    zh: '另建一个任务，把写入前的值写回去；先预览，现在不发送。',
    en: 'Makes a job that writes the old values back; it is previewed first, nothing is sent now.',
  },
} as const;

/** Words of mending rows and of their follow-up. */
export const ME = {
  edit: { zh: '改正这一行', en: 'Edit this row' },
  editing: { zh: '改正', en: 'Edit' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '放弃修改', en: 'Discard' },
  takeBack: { zh: '撤回改正', en: 'Take the edit back' },
  inPlace: { zh: '保存后这一行会随任务一起发送。', en: 'Once saved, the row is sent with the job.' },
  forFollowUp: {
    zh: '保存后这一行等待后续任务发送；这里的结果保持不变。',
    en: 'Once saved, the row waits for a follow-up job; its outcome here stays as it is.',
  },
  saved: { zh: '已保存。', en: 'Saved.' },
  mended: { zh: '已改正，等待后续任务发送。', en: 'Mended; it waits for a follow-up job.' },
  movedTo: (id: number) => ({ zh: `已转入任务 ${id}`, en: `Job ${id} has taken it over` }),
  notEditable: (why: Bilingual) => ({ zh: `不能改：${why.zh}。`, en: `It cannot be edited: ${why.en}.` }),
  waiting: (n: number) => ({ zh: `${number(n)} 行已改正，还没有重发。`, en: `${rows(n)} mended and not sent yet.` }),
  followUp: (n: number) => ({ zh: `用 ${number(n)} 行建后续任务`, en: `Make a follow-up of ${rows(n)}` }),
  from: {
    undo: (id: number) => ({ zh: `撤销任务 ${id}`, en: `Sets back job ${id}` }),
    follow_up: (id: number) => ({ zh: `任务 ${id} 的后续`, en: `Follow-up of job ${id}` }),
    other: (id: number) => ({ zh: `来自任务 ${id}`, en: `From job ${id}` }),
  },
  to: {
    undo: (id: number) => ({ zh: `撤销它的任务 ${id}`, en: `Set back by job ${id}` }),
    follow_up: (id: number) => ({ zh: `后续任务 ${id}`, en: `Follow-up: job ${id}` }),
    other: (id: number) => ({ zh: `任务 ${id}`, en: `Job ${id}` }),
  },
  links: { zh: '相关任务', en: 'Related jobs' },
} as const;

/** Words of deciding rows in doubt. */
export const DE = {
  choose: { zh: '逐行决定…', en: 'Decide them …' },
  help: {
    zh: '到供应商后台核对后，在表格里勾选各行，再说明是否执行了。决定会连同时间记下来。',
    en: "Once you have looked in the vendor's back office, select rows in the table and say whether they happened. What you decide is kept with its time.",
  },
  selected: (n: number) => ({ zh: `已选 ${number(n)} 行`, en: `${rows(n)} selected` }),
  yes: (n: number) => ({ zh: `确实执行了（${number(n)}）`, en: `It did happen (${number(n)})` }),
  no: (n: number) => ({ zh: `没有执行（${number(n)}）`, en: `It did not (${number(n)})` }),
  yesOne: { zh: '确实执行了', en: 'It did happen' },
  noOne: { zh: '没有执行', en: 'It did not happen' },
  title: { zh: '由您决定？', en: 'On your word?' },
  yesText: (n: number, account: string) => ({
    zh: `“${account}”的 ${number(n)} 行将记为“成功”。控制台不再查证它们，也不能改回“未知”。`,
    en: `${rows(n)} of "${account}" will be kept as succeeded. The console does not verify them any more and cannot make them unknown again.`,
  }),
  noText: (n: number, account: string) => ({
    zh: `“${account}”的 ${number(n)} 行将记为“失败：没有执行”，之后可以重试。若其实已执行，重试会再执行一次。`,
    en: `${rows(n)} of "${account}" will be kept as failed, not applied; they may then be retried. If they did happen after all, a retry does it again.`,
  }),
  verb: (n: number) => ({ zh: `决定 ${number(n)} 行`, en: `Decide ${rows(n)}` }),
  decided: {
    succeeded: (when: string) => ({
      zh: `由您在 ${when} 决定：确实执行了`,
      en: `You decided at ${when}: it did happen`,
    }),
    failed: (when: string) => ({
      zh: `由您在 ${when} 决定：没有执行`,
      en: `You decided at ${when}: it did not happen`,
    }),
  },
} as const;
