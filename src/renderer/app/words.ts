/** Words of the window's frame. */
export const W = {
  orders: { zh: '订单', en: 'Orders' },
  update: { zh: '批量', en: 'Bulk' },
  jobs: { zh: '任务', en: 'Jobs' },
  accounts: { zh: '账号', en: 'Accounts' },
  settings: { zh: '设置', en: 'Settings' },
  screens: { zh: '功能', en: 'Screens' },
  practice: { zh: '练习模式：数据都是模拟的', en: 'Practice: nothing here is real' },
  leavePractice: { zh: '退出练习', en: 'Leave practice' },
  readOnly: {
    zh: '另一个控制台正在使用这些数据，这里只能查看。',
    en: 'Another console is using this data; here you can only look.',
  },
  starting: { zh: '正在启动…', en: 'Starting …' },
  retry: { zh: '重试', en: 'Try again' },
} as const;
