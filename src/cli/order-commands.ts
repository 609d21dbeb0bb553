import { KEPT_SORTS } from '../contract/kept.ts';
import { COMMON_STATES } from '../contract/order.ts';
import { VENDOR_IDS } from '../contract/vendor.ts';
import type { CommandSpec, OptionSpec } from './commands.ts';

/** Which of the kept orders. */
const WHICH: readonly OptionSpec[] = [
  {
    name: 'find',
    kind: 'text',
    value: 'TEXT',
    help: {
      zh: '订单号的开头，或买家姓名里的字，或电话的开头或后四位',
      en: "the beginning of an order's number, a part of a buyer's name, a phone's beginning or last four digits",
    },
  },
  {
    name: 'account',
    kind: 'list',
    value: 'ACCOUNT',
    help: { zh: '只要这个账号的（可多次）', en: 'of this account alone (may be repeated)' },
  },
  {
    name: 'vendor',
    kind: 'text',
    value: 'ID',
    choices: VENDOR_IDS,
    help: { zh: `只要这个供应商的：${VENDOR_IDS.join('、')}`, en: `of this vendor alone: ${VENDOR_IDS.join(', ')}` },
  },
  {
    name: 'state',
    kind: 'list',
    value: COMMON_STATES.join('|'),
    choices: COMMON_STATES,
    help: { zh: '只要这个状态的（可多次）', en: 'in this state alone (may be repeated)' },
  },
  {
    name: 'days',
    kind: 'integer',
    value: 'N',
    help: { zh: '最近 N 天下单的，今天在内', en: 'created in the last N days, today included' },
  },
];

/** The commands of the orders that are kept. */
export const ORDER_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'orders list',
    about: { zh: '列出已存的订单，所有供应商一起', en: 'list the kept orders of all vendors together' },
    args: [],
    options: [
      ...WHICH,
      {
        name: 'sort',
        kind: 'text',
        value: KEPT_SORTS.join('|'),
        choices: KEPT_SORTS,
        help: { zh: '排序；默认最新下单的在前', en: 'the order; by default the newest first' },
      },
      { name: 'descending', kind: 'flag', help: { zh: '倒序', en: 'the other way round' } },
      { name: 'most', kind: 'integer', value: 'N', help: { zh: '最多列出的订单数', en: 'most orders to list' } },
      { name: 'show-personal', kind: 'flag', help: { zh: '显示买家信息', en: "show the buyers' data" } },
    ],
  },
  {
    name: 'orders erase',
    about: {
      zh: '永久删除客户数据：订单，以及任务记录里除订单号和结果外的内容',
      en: "erase customers' data for good: orders, and what jobs hold of them beside their numbers and outcomes",
    },
    args: [],
    options: [
      { name: 'all', kind: 'flag', help: { zh: '全部', en: 'all of it' } },
      ...WHICH,
      { name: 'yes', kind: 'flag', short: 'y', help: { zh: '不再询问', en: 'ask nothing' } },
    ],
  },
];
