import type { Bilingual } from '../../../contract/text.ts';

/** Words of the Jobs screen. */
export const W = {
  title: { zh: '任务', en: 'Jobs' },
  list: { zh: '任务列表，最新的在前', en: 'Jobs, the newest first' },
  reading: { zh: '正在读取任务…', en: 'Reading the jobs …' },
  retry: { zh: '重试', en: 'Try again' },
  refresh: { zh: '刷新', en: 'Refresh' },
  newUpdate: { zh: '新建批量更新', en: 'New bulk update' },
  empty: { zh: '还没有任务', en: 'There is no job yet' },
  emptyText: {
    zh: '每次批量更新都会成为一个任务，连同每个订单的结果一直留在这里，可以继续、查证、导出。',
    en: 'Every bulk update becomes a job. It stays here with the outcome of every order, to be continued, verified and exported.',
  },

  job: { zh: '任务', en: 'Job' },
  state: { zh: '状态', en: 'State' },
  account: { zh: '账号', en: 'Account' },
  vendor: { zh: '供应商', en: 'Vendor' },
  operation: { zh: '操作', en: 'Operation' },
  outcomes: { zh: '结果', en: 'Outcomes' },
  total: { zh: '行数', en: 'Rows' },
  source: { zh: '来源', en: 'Source' },
  paste: { zh: '粘贴', en: 'Pasted' },
  generated: { zh: '练习数据', en: 'Practice data' },
  created: { zh: '创建时间', en: 'Created' },
  parent: { zh: '来自任务', en: 'From job' },
  actions: { zh: '处理', en: 'Actions' },

  resume: { zh: '继续', en: 'Resume' },
  pause: { zh: '暂停', en: 'Pause' },
  pausing: { zh: '正在暂停', en: 'pausing' },
  verifying: { zh: '正在查证', en: 'verifying' },
  waiting: { zh: '等待中', en: 'waiting' },
  byItself: { zh: '自动继续', en: 'goes on by itself' },
  looking: { zh: '正在读取现值', en: 'reading what is there' },
  name: { zh: '名称', en: 'Name' },
  nameVerb: { zh: '保存', en: 'Save' },
  nameText: { zh: '有名称的任务不会被新的导入取代。', en: 'A job with a name is not replaced by a later intake.' },
  open: { zh: '打开', en: 'Open' },
  export: { zh: '导出 CSV', en: 'Export as CSV' },
  exportXlsx: { zh: '导出 Excel（XLSX）', en: 'Export as Excel (XLSX)' },
  exportHtml: { zh: '保存一页汇总（HTML）', en: 'Save one-page summary (HTML)' },
  show: { zh: '打开所在文件夹', en: 'Show in folder' },
  close: { zh: '关闭', en: 'Close' },

  find: { zh: '在所有任务中查找订单号', en: 'Find an order number in all jobs' },
  findShort: { zh: '查找订单号', en: 'Find an order number' },
  finding: { zh: '正在查找…', en: 'Looking …' },
  back: { zh: '返回任务列表', en: 'Back to all jobs' },
  noneFound: { zh: '没有任务处理过这个订单', en: 'No job has this order' },
  noneFoundText: {
    zh: '请核对订单号是否完整：只找完全相同的号码。也可以到「订单」里向供应商查询。',
    en: 'See that the number is complete: only the very same one is found. You can also ask the vendor, under Orders.',
  },
  toOrders: { zh: '去查询订单', en: 'Look it up' },
  order: { zh: '订单号', en: 'Order' },
  outcome: { zh: '结果', en: 'Outcome' },
  why: { zh: '原因', en: 'Why' },
  time: { zh: '时间', en: 'Time' },
  line: { zh: '文件行', en: 'Line' },
} as const satisfies Record<string, Bilingual>;

export const nameTitle = (id: number): Bilingual => ({ zh: `给任务 ${id} 命名`, en: `Name job ${id}` });
export const jobName = (id: number): Bilingual => ({ zh: `任务 ${id}`, en: `Job ${id}` });
export const actionsFor = (id: number): Bilingual => ({ zh: `任务 ${id} 的操作`, en: `Actions for job ${id}` });
export const jobCount = (n: number, text: string): Bilingual => ({
  zh: `${text} 个任务`,
  en: n === 1 ? '1 job' : `${text} jobs`,
});
export const runningCount = (text: string): Bilingual => ({ zh: `${text} 个运行中`, en: `${text} running` });
export const until = (time: string): Bilingual => ({ zh: `${time} 继续`, en: `goes on at ${time}` });
export const left = (time: string): Bilingual => ({ zh: `约剩 ${time}`, en: `${time} left` });
export const foundCount = (n: number, text: string, order: string): Bilingual => ({
  zh: `订单 ${order}：${text} 条记录`,
  en: `Order ${order}: ${text} ${n === 1 ? 'row' : 'rows'}`,
});
export const foundMost = (text: string): Bilingual => ({
  zh: `只显示最新的 ${text} 条`,
  en: `the newest ${text} only`,
});

/** The words of an action, with its count where it has one. */
export const ACTIONS = {
  open: () => W.open,
  resume: (n: string) => ({ zh: `继续，发送 ${n} 单`, en: `Resume: send ${n} orders` }),
  pause: () => W.pause,
  verify: (n: string) => ({ zh: `查证 ${n} 个未知订单`, en: `Verify ${n} unknown orders` }),
  cancel: (n: string) => ({ zh: `取消余下的 ${n} 单`, en: `Cancel the ${n} orders left` }),
  name: () => ({ zh: '命名…', en: 'Name it …' }),
  export: () => W.export,
  export_xlsx: () => W.exportXlsx,
  export_html: () => W.exportHtml,
} as const satisfies Record<string, (n: string) => Bilingual>;

export const RESUME = {
  title: (id: number): Bilingual => ({ zh: `继续任务 ${id}？`, en: `Resume job ${id}?` }),
  text: (n: string, account: string): Bilingual => ({
    zh: `将以账号「${account}」向供应商发送余下的 ${n} 单。`,
    en: `The ${n} orders left will be sent to the vendor with the account "${account}".`,
  }),
  verb: (n: string): Bilingual => ({ zh: `发送 ${n} 单`, en: `Send ${n} orders` }),
  paused: (why: string): Bilingual => ({ zh: `暂停原因：${why}`, en: `It was paused: ${why}` }),
  rejected: {
    zh: '因账号原因被拒绝、确定没有执行的行也会再发。',
    en: "Rows that were refused for the account's sake, and surely not acted on, are sent again, too.",
  },
  unknown: (n: string): Bilingual => ({
    zh: `另有 ${n} 单结果未知，不会重发。`,
    en: `The outcome of ${n} more is unknown; they are not sent again.`,
  }),
};

export const CANCEL = {
  title: (id: number): Bilingual => ({ zh: `取消任务 ${id}？`, en: `Cancel job ${id}?` }),
  text: (n: string, account: string): Bilingual => ({
    zh: `账号「${account}」余下的 ${n} 单不再发送。已经发送的不受影响，也不能撤回。`,
    en: `The ${n} orders left of the account "${account}" will not be sent. What was sent stays as it is.`,
  }),
  verb: (n: string): Bilingual => ({ zh: `取消余下的 ${n} 单`, en: `Cancel ${n} orders` }),
};

export const exported = (id: number, rows: string, name: string): Bilingual => ({
  zh: `任务 ${id} 的 ${rows} 行已导出到 ${name}。`,
  en: `${rows} rows of job ${id} were exported to ${name}.`,
});
export const summarised = (id: number, name: string): Bilingual => ({
  zh: `任务 ${id} 的汇总已保存到 ${name}。`,
  en: `The summary of job ${id} was saved to ${name}.`,
});
export const verifyBegun = (id: number, n: string): Bilingual => ({
  zh: `正在向供应商查证任务 ${id} 的 ${n} 个未知订单，不会重发。`,
  en: `The ${n} unknown orders of job ${id} are being read at the vendor; nothing is sent again.`,
});
