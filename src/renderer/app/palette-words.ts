import type { Bilingual } from '../../contract/text.ts';

/** Words of the command palette. */
export const P = {
  title: { zh: '命令面板', en: 'Command palette' },
  placeholder: { zh: '功能、账号、订单号或命令', en: 'A screen, an account, an order number or a command' },
  hint: { zh: '↑ ↓ 选择，Enter 执行，Esc 关闭', en: '↑ ↓ choose, Enter runs, Esc closes' },
  keysHint: { zh: '输入 ? 查看快捷键', en: 'Type ? for the keys' },
  keys: { zh: '快捷键', en: 'Keyboard' },
  orders: { zh: '订单', en: 'Orders' },
  screens: { zh: '功能', en: 'Screens' },
  accounts: { zh: '账号', en: 'Accounts' },
  actions: { zh: '命令', en: 'Commands' },
  nothing: { zh: '没有符合的内容。', en: 'Nothing matches.' },
  finding: { zh: '正在各个任务中查找…', en: 'Looking in all jobs …' },
  notFound: { zh: '没有任务处理过这个订单。', en: 'No job has this order.' },
  lookInJobs: { zh: '在所有任务中查找', en: 'Look in all jobs' },
  present: { zh: '当前账号', en: 'present account' },

  update: { zh: '新建批量更新', en: 'New bulk update' },
  chooseFile: { zh: '选择文件', en: 'Choose a file' },
  practice: { zh: '用模拟供应商练习', en: 'Try it on practice vendors' },
  leave: { zh: '退出练习', en: 'Leave practice' },
  addAccount: { zh: '管理账号', en: 'Manage accounts' },
  backup: { zh: '备份与恢复账号', en: 'Back up or restore accounts' },
  lock: { zh: '锁定窗口', en: 'Lock the window' },
  audit: { zh: '审计记录', en: 'Audit trail' },
  signDesk: { zh: '签名台', en: 'Sign desk' },
  shortcuts: { zh: '查看快捷键', en: 'Show the keys' },
  about: { zh: '关于订单控制台', en: 'About Order Console' },
  languageSystem: { zh: '语言：跟随系统', en: 'Language: as the system' },
  themeSystem: { zh: '主题：跟随系统', en: 'Theme: as the system' },
  themeLight: { zh: '主题：浅色', en: 'Theme: light' },
  themeDark: { zh: '主题：深色', en: 'Theme: dark' },
  compact: { zh: '行高：紧凑', en: 'Rows: compact' },
  comfortable: { zh: '行高：宽松', en: 'Rows: comfortable' },
  now: { zh: '当前', en: 'now' },
} as const satisfies Record<string, Bilingual>;

export const counted = (count: string): Bilingual => ({ zh: `${count} 项`, en: `${count} found` });
export const inJob = (job: string): Bilingual => ({ zh: `任务 ${job}`, en: `Job ${job}` });
