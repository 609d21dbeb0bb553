import type { Bilingual } from '../../../contract/text.ts';
import { number } from '../../i18n/index.ts';

const orders = (n: number): string => (n === 1 ? '1 order' : `${number(n)} orders`);
const rows = (n: number): string => (n === 1 ? '1 row' : `${number(n)} rows`);

export const W = {
  lookup: { zh: '查询', en: 'Look up' },
  stop: { zh: '停止', en: 'Stop' },
  kind: { zh: '查什么', en: 'What to look up' },
  form: { zh: '查询条件', en: 'What to look for' },
  more: (n: number) => ({ zh: `更多条件（${number(n)}）`, en: `More conditions (${number(n)})` }),
  fewer: { zh: '收起条件', en: 'Fewer conditions' },
  hideForm: { zh: '收起', en: 'Hide the form' },
  showForm: { zh: '展开', en: 'Show the form' },
  anyValue: { zh: '不限', en: 'any' },
  problems: (n: number) => ({
    zh: `有 ${number(n)} 项要改正。`,
    en: n === 1 ? 'One field needs mending.' : `${number(n)} fields need mending.`,
  }),

  reading: (read: number, total: number | null, page: number, pages: number | null) => {
    const zh = [
      total === null ? `已读 ${number(read)} 单` : `已读 ${number(read)} / ${number(total)} 单`,
      pages === null ? `第 ${number(page)} 页` : `第 ${number(page)} / ${number(pages)} 页`,
    ];
    const en = [
      total === null ? `${number(read)} read` : `${number(read)} of ${number(total)} read`,
      pages === null ? `page ${number(page)}` : `page ${number(page)} of ${number(pages)}`,
    ];
    return { zh: zh.join('，'), en: en.join(', ') };
  },
  starting: { zh: '正在查询…', en: 'Looking up …' },

  results: { zh: '查询结果', en: 'Results' },
  find: { zh: '在结果里查找', en: 'Find in the results' },
  filterBy: (name: string) => ({ zh: `按${name}筛选`, en: `Filter by ${name}` }),
  clearFilter: { zh: '清除筛选', en: 'Clear the filter' },
  export: { zh: '导出…', en: 'Export …' },
  bulk: { zh: '批量更新', en: 'Bulk update' },
  bulkSome: (n: number) => ({ zh: `批量更新 ${number(n)} 单`, en: `Update ${orders(n)}` }),
  bulkHint: { zh: '先选择要修改的订单', en: 'Select the orders to update first' },
  selectAll: (n: number) => ({ zh: `全选符合条件的 ${number(n)} 单`, en: `Select all ${number(n)} that match` }),
  selectNone: { zh: '取消选择', en: 'Clear the selection' },
  copyRows: (n: number) => ({ zh: `复制 ${number(n)} 行`, en: `Copy ${rows(n)}` }),
  copiedRows: (n: number) => ({ zh: `已复制 ${number(n)} 行`, en: `Copied ${rows(n)}` }),
  copiedSome: (n: number, of: number) => ({
    zh: `一次最多复制 ${number(n)} 行，所选 ${number(of)} 行请用导出。`,
    en: `Copied the first ${rows(n)}; use Export for all ${number(of)}.`,
  }),

  statusAll: (n: number) => ({ zh: `${number(n)} 单`, en: orders(n) }),
  statusSome: (n: number, of: number) => ({
    zh: `显示 ${number(n)} / ${number(of)} 单`,
    en: `${number(n)} of ${orders(of)} shown`,
  }),
  statusSelected: (n: number) => ({ zh: `已选 ${number(n)} 单`, en: `${number(n)} selected` }),
  statusRead: (time: string) => ({ zh: `${time} 读取`, en: `read ${time}` }),
  statusIncomplete: (why: string) => ({ zh: `不完整：${why}`, en: `incomplete: ${why}` }),
  statusMissed: (why: string) => ({ zh: `再次查询没有成功：${why}`, en: `looked up again in vain: ${why}` }),
  statusReading: { zh: '正在读取', en: 'reading' },
  statusNothing: { zh: '还没有查询', en: 'Nothing looked up yet' },

  emptyTitle: { zh: '查到的订单会显示在这里', en: 'Orders that are found are shown here' },
  emptyText: {
    zh: '填好上面的条件，然后查询。可以排序、筛选、导出，或选中后批量更新。',
    en: 'Fill in the form above and look up. Then sort, filter, export, or select orders and update them in bulk.',
  },
  noneTitle: { zh: '没有符合条件的订单', en: 'No order matches' },
  noneText: {
    zh: '供应商答复：没有。可以放宽条件再查。',
    en: 'The vendor found none. Widen the conditions and look up again.',
  },
  unreadTitle: { zh: '没有读到订单', en: 'No order was read' },
  filteredTitle: { zh: '没有一单符合筛选', en: 'No order matches the filter' },
  filteredText: (n: number) => ({ zh: `共有 ${number(n)} 单，都被筛掉了。`, en: `All ${orders(n)} are filtered out.` }),
  noAccountTitle: { zh: '还没有账号', en: 'No account yet' },
  noAccountText: {
    zh: '订单要用您在供应商处的账号来查。添加一个账号，或先在模拟数据上练习。',
    en: 'Orders are looked up with your account at a vendor. Add one, or practise on simulated data first.',
  },
  addAccount: { zh: '添加账号', en: 'Add an account' },
  practise: { zh: '先练习', en: 'Practise first' },
  noLookupTitle: { zh: '这个供应商没有查询', en: 'This vendor has no lookup' },
  noLookupText: { zh: '请换一个账号，或去批量更新。', en: 'Choose another account, or go to the bulk update.' },
  again: { zh: '再查一次', en: 'Look up again' },
  dismiss: { zh: '知道了', en: 'Dismiss' },
  vendorSays: (message: string) => ({ zh: `供应商原话：${message}`, en: `In the vendor's words: ${message}` }),
  gone: { zh: '这次查询的结果已经不在了，请再查一次。', en: 'The result of this lookup is gone; look up again.' },

  vendorValue: (value: string) => ({ zh: `供应商的值：${value}`, en: `The vendor's value: ${value}` }),
  beijingTime: (value: string) => ({ zh: `北京时间 ${value}`, en: `${value} Beijing time` }),
  masked: { zh: '个人信息，打开详情可以查看', en: 'Personal data; open the detail to see it' },
  items: (n: number) => ({ zh: `${number(n)} 项`, en: n === 1 ? '1 item' : `${number(n)} items` }),

  detail: (order: string) => ({ zh: `订单 ${order}`, en: `Order ${order}` }),
  showPersonal: { zh: '显示个人信息', en: 'Show personal data' },
  hidePersonal: { zh: '隐藏个人信息', en: 'Hide personal data' },
  copyValue: (name: string) => ({ zh: `复制${name}`, en: `Copy ${name}` }),
  copied: { zh: '已复制', en: 'Copied' },
  notCopied: { zh: '没有复制成功，请再试一次。', en: 'Nothing was copied; try again.' },
  close: { zh: '关闭', en: 'Close' },

  exportTitle: { zh: '导出订单', en: 'Export orders' },
  exportWhich: { zh: '哪些', en: 'Which' },
  exportSelected: (n: number) => ({ zh: `所选的 ${number(n)} 单`, en: `The ${number(n)} selected` }),
  exportAll: (n: number) => ({ zh: `全部 ${number(n)} 单`, en: `All ${number(n)}` }),
  exportShown: (n: number) => ({ zh: `符合筛选的 ${number(n)} 单`, en: `The ${number(n)} that match the filter` }),
  exportPersonal: { zh: '个人信息', en: 'Personal data' },
  exportMasked: { zh: '不含（显示为 •••）', en: 'Without (shown as •••)' },
  exportWith: { zh: '包含', en: 'With' },
  exportWarning: {
    zh: '文件里将有顾客的姓名、电话或地址。请妥善保管，用完删除。',
    en: "The file will hold customers' names, phones or addresses. Keep it safe and delete it after use.",
  },
  exportVerb: (n: number) => ({ zh: `导出 ${number(n)} 单`, en: `Export ${orders(n)}` }),
  exported: (name: string, n: number) => ({
    zh: `已保存 ${name}，${number(n)} 单。`,
    en: `Saved ${name}, ${orders(n)}.`,
  }),
  reveal: { zh: '在文件夹中显示', en: 'Show in folder' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const;

/** What vendors call the lists within an order; a list that is not here is shown under its own name. */
export const LIST_WORDS: Readonly<Record<string, Bilingual>> = {
  products: { zh: '商品', en: 'Products' },
  jobList: { zh: '作业', en: 'Jobs' },
  records: { zh: '出货记录', en: 'Dispensing records' },
  deliveries: { zh: '出货指令', en: 'Dispenses' },
  item_list: { zh: '商品', en: 'Goods' },
};
