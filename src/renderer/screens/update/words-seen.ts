import type { Bilingual } from '../../../contract/text.ts';
import { number } from '../../i18n/index.ts';
import { plural } from './words.ts';

const orders = (n: number): string => plural(n, 'order', 'orders');

/** Words of what is read of the orders before anything is sent. */
export const SE = {
  title: { zh: '现在的值', en: 'What is there now' },
  offer: {
    zh: '先向供应商读取现在的值，就能看到每一单从什么改成什么；已是所要的、状态不允许的会先搁置。只查询，不发送。',
    en: 'Read what the vendor has now to see, order by order, what changes into what; orders already as wanted, or in a state that forbids it, are kept back. It only looks, nothing is sent.',
  },
  read: (n: number) => ({ zh: `读取 ${number(n)} 单的现值`, en: `Read ${orders(n)}` }),
  reading: (read: number, total: number) => ({
    zh: `正在读取现值：${number(read)} / ${number(total)}`,
    en: `Reading what is there now: ${number(read)} of ${number(total)}`,
  }),
  stop: { zh: '停止', en: 'Stop' },
  readOn: (n: number) => ({ zh: `继续读取 ${number(n)} 单`, en: `Read the other ${number(n)}` }),
  readAgain: { zh: '全部重新读取', en: 'Read all again' },
  readAt: (time: string, ago: string) => ({ zh: `${time} 读取（${ago}）`, en: `read at ${time} (${ago})` }),
  old: {
    zh: '这些值读取已久，可能又变了；发送前建议重新读取。',
    en: 'These values were read a while ago and may have changed; better read them again before you send.',
  },
  unreadNote: (n: number) => ({
    zh: `${number(n)} 单没有读到现值，仍会发送：`,
    en: `${orders(n)} could not be read and would still be sent:`,
  }),
  unreadKept: (n: number) => ({
    zh: `${number(n)} 单没有读到现值；必须先读到，读不到的不会发送：`,
    en: `${orders(n)} could not be read; what cannot be read is not sent:`,
  }),
  oddNote: (n: number) => ({ zh: `${number(n)} 单要留意：`, en: `${orders(n)} to mind:` }),
  times: (n: number) => ({ zh: `${number(n)} 单`, en: orders(n) }),

  rows: { zh: '将要更改', en: 'What will change' },
  tabs: { zh: '按情况查看', en: 'By what becomes of them' },
  change: { zh: '更改', en: 'Change' },
  why: { zh: '说明', en: 'Why' },
  willChange: { zh: '将更改', en: 'will change' },
  willSend: { zh: '将发送', en: 'will be sent' },
  unread: { zh: '未读到现值', en: 'not read' },
  nothing: { zh: '已是所要的', en: 'nothing to do' },
  forbidden: { zh: '状态不允许', en: 'forbidden by their state' },
  changed: { zh: '预览后被改过', en: 'changed since the preview' },
  none: { zh: '没有这样的订单。', en: 'There is no such order.' },

  notRead: { zh: '未读取', en: 'not read' },
  same: { zh: '不变', en: 'unchanged' },
  added: { zh: '新增', en: 'added' },
  appended: { zh: '追加', en: 'appended' },
  replaced: { zh: '改写', en: 'replaced' },
  was: { zh: '原为：', en: 'was: ' },
  becomes: { zh: '改为：', en: 'becomes: ' },
  empty: { zh: '空', en: 'empty' },
  unknown: { zh: '未读取', en: 'not read' },
  keepsIt: { zh: '不写', en: 'not written' },
  afterPresent: { zh: '接在原备注后：', en: 'after the present note: ' },

  putBack: (n: number) => ({ zh: `仍要发送这 ${number(n)} 单…`, en: `Send these ${number(n)} all the same …` }),
  putBackTitle: { zh: '状态不允许，仍要发送？', en: 'Send them although their state forbids it?' },
  putBackText: (n: number, account: string) => ({
    zh: `“${account}”的 ${number(n)} 单现在的状态不允许这样改，供应商多半会拒绝。确认后它们会和其他订单一起发送；现在还不发送。`,
    en: `${orders(n)} of "${account}" are in a state that does not allow the change, and the vendor will most likely refuse it. They then go out with the rest; nothing is sent yet.`,
  }),
  putBackVerb: (n: number) => ({ zh: `放回 ${number(n)} 单`, en: `Put back ${orders(n)}` }),
  confirmChanged: (n: number) => ({ zh: `按现值确认这 ${number(n)} 单…`, en: `Confirm these ${number(n)} …` }),
  confirmTitle: { zh: '预览后被改过，仍要写入？', en: 'Write them although they were changed?' },
  confirmText: (n: number, account: string) => ({
    zh: `“${account}”的 ${number(n)} 单在预览之后被人改过，所以没有写入。确认后按下面显示的现值重新写入；现在还不发送。`,
    en: `${orders(n)} of "${account}" were changed by someone after the preview, so nothing was written. Once confirmed they are written over the values shown here; nothing is sent yet.`,
  }),
  confirmVerb: (n: number) => ({ zh: `确认 ${number(n)} 单`, en: `Confirm ${orders(n)}` }),

  keep: { zh: '存为待运行…', en: 'Save for later …' },
  rename: { zh: '改名…', en: 'Rename …' },
  keepTitle: { zh: '存为待运行的任务', en: 'Save for later' },
  keepText: {
    zh: '任务和读到的现值都会保留，可以随时从“任务”打开、再看一遍、然后发送。',
    en: 'The job and what was read are kept. Open it from Jobs at any time, look it over, and send it then.',
  },
  keepLabel: { zh: '名称', en: 'Name' },
  keepVerb: { zh: '保存', en: 'Save' },
  kept: (title: string) => ({
    zh: `已保存为“${title}”，可从“任务”打开。`,
    en: `Saved as "${title}"; open it from Jobs.`,
  }),
  heldBack: (n: number) => ({
    zh: `${number(n)} 单因现值没有发送`,
    en: `${orders(n)} kept back by what was read`,
  }),

  readsAlways: {
    zh: '追加要接在现值后面，所以每单写入前都会读取；读不到的不写。',
    en: 'What is added goes after the present value, so each is read before its write; what cannot be read is not written.',
  },

  readsRequired: {
    zh: '送出后收不回，所以每一行发送前都会读取；读不到或状态不允许的不发送。',
    en: 'It cannot be taken back, so each row is read before it is sent; what cannot be read, or whose state forbids it, is not sent.',
  },

  template: { zh: '模板填好后的前几行', en: 'The first rows, filled in' },
  templateWrong: (why: Bilingual) => ({ zh: `模板有误：${why.zh}。`, en: `The template is not right: ${why.en}.` }),
  templateRow: (line: number) => ({ zh: `第 ${number(line)} 行`, en: `Line ${number(line)}` }),
  templateSkipped: (why: Bilingual) => ({ zh: `${why.zh}，不会发送`, en: `${why.en}; it will not be sent` }),
} as const;
