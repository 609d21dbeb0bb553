import type { Bilingual } from '../../../contract/text.ts';

/** Words of the welcome. */
export const W = {
  title: { zh: '欢迎使用订单控制台', en: 'Welcome to Order Console' },
  language: { zh: '语言', en: 'Language' },
  lead: {
    zh: '成千上万的订单，一次改好，每一行都有交代',
    en: 'Thousands of orders at once, and every row accounted for',
  },
  leadText: {
    zh: '为同时在几家供应商卖货的商家而做：查订单、批量更新、导出结果，都在这台电脑上。',
    en: 'For merchants who sell through several vendors: look orders up, update them in bulk and export what came of it, all on this computer.',
  },

  practise: { zh: '先在模拟供应商上试试', en: 'Try it on the twins' },
  practiseText: {
    zh: '模拟供应商照着四家供应商的文档写成，就在这台电脑里运行：订单是编的，签名、答复和报错都按文档来。',
    en: "Twins stand in for all four vendors, inside this computer: the orders are made up; signs, answers and errors follow the vendors' documents.",
  },
  practiseSafe: {
    zh: '不需要账号，没有任何东西离开这台电脑，随时可以退出。',
    en: 'No account is needed, nothing leaves this computer, and you can stop at any time.',
  },
  practiseVerb: { zh: '开始试用', en: 'Try it now' },
  practiseOn: { zh: '继续试用', en: 'Go on practising' },
  starting: { zh: '正在启动模拟供应商…', en: 'Starting the twins …' },

  account: { zh: '添加自己的账号', en: 'Add your own account' },
  accountText: {
    zh: '选好供应商，填写它给您的凭据，测试一次，就可以查订单和批量更新。',
    en: 'Choose the vendor, fill in the credentials it gave you, test them once, and look orders up or update them in bulk.',
  },
  accountSafe: {
    zh: '密钥存进系统钥匙串，只发往您允许的主机，之后不再显示。',
    en: 'The secret goes into the system keychain, only ever to the hosts you allow, and is never shown again.',
  },
  accountVerb: { zh: '添加账号', en: 'Add an account' },

  promises: { zh: '您可以指望的', en: 'What you can count on' },
  example: { zh: '例：2,500 单的一次批量更新', en: 'Example: one update of 2,500 orders' },
  not: { zh: '它绝不会做的', en: 'What it will never do' },
} as const satisfies Record<string, Bilingual>;

export interface Promised {
  readonly id: 'doubt' | 'size' | 'secret' | 'numbers' | 'clock';
  readonly name: Bilingual;
  readonly text: Bilingual;
}

export const PROMISES: readonly Promised[] = [
  {
    id: 'doubt',
    name: { zh: '每一单的结果都说清楚', en: 'No order is ever in doubt without saying so' },
    text: {
      zh: '成功、失败（附原因和办法）、未知、未发送，四样相加总等于导入的行数，意外中断之后也是。',
      en: 'Succeeded, failed (why, and what to do), unknown, not sent: the four always sum to what you put in, after a crash too.',
    },
  },
  {
    id: 'size',
    name: { zh: '再多也不卡', en: 'Size never slows it' },
    text: {
      zh: '一百万行的任务，翻起来和一百行一样快。',
      en: 'A job of a million rows scrolls like one of a hundred.',
    },
  },
  {
    id: 'secret',
    name: { zh: '密钥不外泄', en: 'The secret stays put' },
    text: {
      zh: '只在系统钥匙串里，只发往它的供应商的主机；这个窗口自己也读不到。',
      en: "It lies in the system keychain and goes to its vendor's hosts alone; not even this window can read it.",
    },
  },
  {
    id: 'numbers',
    name: { zh: '先查出被表格改坏的订单号', en: 'Damaged order numbers are caught first' },
    text: {
      zh: '科学计数、末尾变成 0、丢了开头的 0：发送之前就挑出来。',
      en: 'Scientific notation, tails turned into zeros, lost leading zeros: set aside before anything is sent.',
    },
  },
  {
    id: 'clock',
    name: { zh: '把“签名错误”说成人话', en: '"Bad sign" becomes plain words' },
    text: {
      zh: '例如“本机时钟慢了 4 分 12 秒”，并按校正后的时间签名。',
      en: '"Your clock is 4 min 12 s slow", and the console signs with the corrected time.',
    },
  },
];
