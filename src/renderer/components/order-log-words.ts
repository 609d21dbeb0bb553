/** Words of an order's log. */
export const LOG = {
  title: (order: string) => ({ zh: `订单 ${order} 的经过`, en: `What happened to order ${order}` }),
  show: { zh: '查看所有任务中的经过', en: 'Show its log in all jobs' },
  reading: { zh: '正在读取…', en: 'Reading …' },
  empty: { zh: '没有留下记录。', en: 'Nothing is kept of it.' },
  earlier: { zh: '更早的', en: 'Earlier' },
  later: { zh: '更晚的', en: 'Later' },
  copy: { zh: '复制这些记录', en: 'Copy these entries' },
  copied: { zh: '已复制', en: 'Copied' },
  close: { zh: '关闭', en: 'Close' },
  count: (from: string, to: string, total: string) => ({
    zh: `第 ${from}–${to} 条，共 ${total} 条`,
    en: `${from}–${to} of ${total}`,
  }),
  incomplete: {
    zh: '这个订单的行太多，最早的任务没有列出。',
    en: 'This order has too many rows: the oldest jobs are left out.',
  },
  job: (id: number, line: string | null) =>
    line === null
      ? { zh: `任务 ${id}`, en: `Job ${id}` }
      : { zh: `任务 ${id} · 第 ${line} 行`, en: `Job ${id} · line ${line}` },
} as const;
