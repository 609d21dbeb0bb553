import type { Bilingual } from '../../../contract/text.ts';

/** Words of the settings. */
export const W = {
  title: { zh: '设置', en: 'Settings' },
  sections: { zh: '设置分类', en: 'Sections of the settings' },
  saving: { zh: '正在保存…', en: 'Saving …' },
  atOnce: { zh: '改动会立即保存。', en: 'Changes are saved at once.' },

  general: { zh: '界面', en: 'Appearance' },
  language: { zh: '语言', en: 'Language' },
  languageSystem: { zh: '跟随系统', en: 'As the system' },
  theme: { zh: '主题', en: 'Theme' },
  themeSystem: { zh: '跟随系统', en: 'As the system' },
  themeLight: { zh: '浅色', en: 'Light' },
  themeDark: { zh: '深色', en: 'Dark' },
  density: { zh: '行高', en: 'Rows' },
  densityCompact: { zh: '紧凑', en: 'Compact' },
  densityComfortable: { zh: '宽松', en: 'Comfortable' },
  densityHelp: { zh: '表格每行 32 或 40 像素。', en: 'Rows of a grid are 32 or 40 pixels high.' },

  notify: { zh: '桌面通知', en: 'Notifications' },
  notifyHelp: {
    zh: '窗口不在前面时，任务完成或停下、定时刷新的视图超过限额，会通知您；只说数目，不含订单和买家的信息。',
    en: 'Tells you, while the window is not in front, when a job ends or stops and when a watched view passes its limit: counts alone, nothing of orders or buyers.',
  },

  sending: { zh: '发送前确认', en: 'Before sending' },
  confirmAbove: { zh: '输入行数确认', en: 'Type the count' },
  confirmAboveFrom: { zh: '超过', en: 'Above' },
  confirmAboveUnit: { zh: '行时', en: 'rows' },
  confirmAboveHelp: {
    zh: '不能撤销的任务（如改订单状态、出货）超过这个行数时，要输入行数才会发送；不超过时只问一次。0 表示每次都要输入。',
    en: 'A job that cannot be undone (status changes, dispensing) asks you to type its number of rows above so many; below, it asks once. 0 asks every time.',
  },
  seenOld: { zh: '现值的有效时间', en: 'Present values' },
  seenOldFrom: { zh: '读取后超过', en: 'Old after' },
  seenOldUnit: { zh: '分钟算旧', en: 'minutes' },
  seenOldHelp: {
    zh: '预览里的现值早于这个时间就会提示重新读取；发送前的逐单读取不受影响。',
    en: 'The preview asks you to read present values again once they are older; the reading before each write goes on as it does.',
  },

  customers: { zh: '客户数据', en: "Customers' data" },
  keepDays: { zh: '保存天数', en: 'Kept for' },
  keepDaysUnit: { zh: '天', en: 'days' },
  keepDaysHelp: {
    zh: '查询到的订单在最后一次读取这么多天后自动删除；结束这么多天的任务只留下订单号和结果，之后不能再撤销或重试。',
    en: 'Orders are erased by themselves so many days after they were last read; of jobs that ended as long ago only order numbers and outcomes stay, and nothing of them can be set back or retried.',
  },
  eraseAll: { zh: '全部删除', en: 'Erase all' },
  eraseAllHelp: {
    zh: '立即删除本机上的全部客户数据，不留痕迹；任务的结果保留。',
    en: "Erases all customers' data on this machine at once, without a trace; outcomes of jobs stay.",
  },
  eraseAllVerb: { zh: '删除全部客户数据', en: "Erase all customers' data" },
  eraseAllText: {
    zh: '将永久删除全部已存订单，以及任务记录里除订单号外的内容。任务的结果保留，但不能再重试或撤销。',
    en: 'All kept orders are erased for good, and what jobs hold beside order numbers. Outcomes stay, but nothing can be retried or set back any more.',
  },

  pacing: { zh: '发送速度', en: 'Pacing' },
  pacingText: {
    zh: '每个账号单独计速，查询、批量更新和查证共用。留空就用供应商的安全默认值；新的速度从下一次查询、或下一次开始或继续任务起生效。',
    en: "Every account has its own pace, which lookups, jobs and verification share. Leave a field empty for the vendor's safe default; a new pace holds from the next lookup, or the next start or resume of a job.",
  },
  pacingTooFast: {
    zh: '太快会怎样：供应商会拒绝多出来的调用。明确被拒绝的行会在等待后再发；如果限流不停，任务会暂停并说明原因。有的供应商还会暂时停用账号的接口，使用同一账号的其他软件也会受影响。',
    en: "What too fast does: the vendor refuses the calls that are too many. Rows that were surely refused are sent again after a wait; if the limit lasts, the job pauses and says why. Some vendors also close an account's interface for a while, for your other software too.",
  },
  account: { zh: '账号', en: 'Account' },
  vendorDefault: { zh: '默认', en: 'Default' },
  perSecond: { zh: '每秒调用', en: 'Calls a second' },
  concurrency: { zh: '同时进行', en: 'At once' },
  backToDefault: { zh: '恢复默认', en: 'Use default' },
  faster: { zh: '快于默认值，可能被限流。', en: 'Faster than the default: the vendor may limit it.' },
  noAccounts: {
    zh: '还没有账号。添加账号后，可以在这里调整它的速度。',
    en: 'There is no account yet. Once you add one, its pace is set here.',
  },
  toAccounts: { zh: '添加账号', en: 'Add an account' },

  proxy: { zh: '代理', en: 'Proxy' },
  proxyHow: { zh: '连接供应商', en: 'Reach vendors' },
  proxySystem: { zh: '系统代理', en: 'System proxy' },
  proxyNone: { zh: '直接连接', en: 'No proxy' },
  proxyManual: { zh: '手动设置', en: 'Manual' },
  proxySystemHelp: {
    zh: '按系统的网络设置连接；系统没有设置时，用环境变量里的代理。',
    en: "Calls go as the system's network settings say; without one there, by the proxy of the environment.",
  },
  proxyNoneHelp: { zh: '不经过任何代理，直接连接供应商。', en: 'Calls go straight to the vendor, through no proxy.' },
  proxyManualHelp: {
    zh: '写成 http://主机:端口 或 https://主机:端口，不带用户名和密码。',
    en: 'Write http://host:port or https://host:port, without a name or password.',
  },
  proxyUnsaved: { zh: '填好地址并保存后才会生效。', en: 'It holds once the address is saved.' },
  proxyUrl: { zh: '代理地址', en: 'Proxy address' },
  proxySave: { zh: '使用此代理', en: 'Use this proxy' },

  data: { zh: '数据位置', en: 'Data' },
  dataFolder: { zh: '文件夹', en: 'Folder' },
  dataText: {
    zh: '账号（不含密钥）和任务记录只存放在这台电脑的这个文件夹里。密钥在系统钥匙串里，不在这里。',
    en: "Accounts (without their secrets) and the records of jobs lie in this folder, on this computer only. Secrets lie in the system's keychain, not here.",
  },
  lock: { zh: '锁定', en: 'Lock' },
  lockPassphrase: { zh: '口令', en: 'Passphrase' },
  lockText: {
    zh: '离开时锁住窗口：页面会重新载入，什么都不留；正在运行的任务继续。它拦住的是走到您电脑前的人，拦不住用您的系统账户运行的其他程序和命令行。',
    en: 'Locks the window while you are away: its page is loaded anew and holds nothing, and running jobs go on. It stops who walks up to your computer; it does not stop other programs, or commands in a terminal, that run as your system user.',
  },
  lockFirst: { zh: '新口令', en: 'New passphrase' },
  lockCurrent: { zh: '现在的口令', en: 'Present passphrase' },
  lockNext: { zh: '新口令（更换时填）', en: 'New passphrase (to change it)' },
  lockSetNow: { zh: '设置口令', en: 'Set the passphrase' },
  lockChange: { zh: '更换口令', en: 'Change the passphrase' },
  lockRemove: { zh: '取消锁定', en: 'Take the lock away' },
  lockNow: { zh: '现在锁定', en: 'Lock now' },
  lockSet: { zh: '✓ 口令已设置。', en: '✓ The passphrase is set.' },
  lockRemoved: { zh: '✓ 已取消锁定。', en: '✓ The lock is taken away.' },
  lockAfter: { zh: '无人使用时', en: 'When idle' },
  lockAfterText: {
    zh: '电脑这么久没有人动就锁定；0 表示不自动锁定。',
    en: 'Locks once nobody has touched the computer for so long; 0 for never.',
  },
  minutes: { zh: '分钟', en: 'minutes' },
  lockWithScreen: { zh: '随屏幕锁定', en: 'With the screen' },
  lockWithScreenText: {
    zh: '系统锁屏或休眠时，一起锁定。',
    en: "Locks with the system's screen, and when the machine goes to sleep.",
  },
  audit: { zh: '审计记录', en: 'Audit trail' },
  auditText: {
    zh: '谁在什么时候对哪个账号做了什么；改动、删除或插入任何一行都会被发现。',
    en: 'Who did what with which account, and when; any line that is altered, removed or inserted is found.',
  },
  openAudit: { zh: '查看审计记录', en: 'Show the audit trail' },
  showFolder: { zh: '打开文件夹', en: 'Show folder' },
  copyPath: { zh: '复制路径', en: 'Copy path' },
  copied: { zh: '已复制。', en: 'Copied.' },

  keys: { zh: '快捷键', en: 'Keyboard' },

  about: { zh: '关于', en: 'About' },
  name: { zh: '订单控制台', en: 'Order Console' },
  version: { zh: '版本', en: 'Version' },
  platform: { zh: '系统', en: 'Platform' },
  copyAbout: { zh: '复制版本信息', en: 'Copy version details' },
  not: { zh: '它不做什么', en: 'What it does not do' },
  documents: { zh: '供应商的文档', en: "The vendors' documents" },
  documentsHelp: { zh: '在浏览器中打开。', en: 'They open in your browser.' },

  licences: { zh: '许可证', en: 'Licences' },
  licencesText: {
    zh: '本软件包含下列开源软件，各按其许可证使用。',
    en: 'The console contains the following open-source software, each under its own licence.',
  },
  licencesSearch: { zh: '搜索名称或许可证', en: 'Search names or licences' },
  licencesReading: { zh: '正在读取许可证…', en: 'Reading the licences …' },
  licencesMissing: {
    zh: '这个版本没有附带许可证清单。',
    en: 'This build carries no list of licences.',
  },
  licencesNone: { zh: '没有符合的软件。', en: 'Nothing matches.' },
  package: { zh: '软件', en: 'Software' },
  licence: { zh: '许可证', en: 'Licence' },
  retry: { zh: '重试', en: 'Try again' },
} as const satisfies Record<string, Bilingual>;

/** What the console leaves undone, so that nobody relies on it. */
export const NOT: readonly Bilingual[] = [
  {
    zh: '不会自己重发结果未知的订单：能查证的先查证，其余由您决定。',
    en: 'It never sends again by itself what may have been done: it verifies where it can and leaves the rest to you.',
  },
  {
    zh: '不会把数据交给供应商以外的任何人：没有统计，没有云端。',
    en: 'It gives no data to anyone but the vendors you use: no statistics, no cloud.',
  },
  {
    zh: '不会再显示已保存的密钥，只能更换。',
    en: 'It never shows a saved secret again; you can only replace it.',
  },
  {
    zh: '不能撤回供应商已经执行的更新。',
    en: 'It cannot take back an update that a vendor has carried out.',
  },
  {
    zh: '关闭后不再发送：运行中的任务会暂停，下次打开时由您继续。',
    en: 'It sends nothing once it is closed: a running job pauses, and you continue it the next time.',
  },
];

export const saved = (what: Bilingual): Bilingual => ({ zh: `已保存：${what.zh}`, en: `Saved: ${what.en}` });

export const notSaved = (what: Bilingual): Bilingual => ({ zh: `未保存：${what.zh}`, en: `Not saved: ${what.en}` });

export const pace = (perSecond: string, concurrency: string): Bilingual => ({
  zh: `每秒 ${perSecond} 次，同时 ${concurrency} 个`,
  en: `${perSecond} a second, ${concurrency} at once`,
});

export const field = (account: string, what: Bilingual): Bilingual => ({
  zh: `${account}：${what.zh}`,
  en: `${account}: ${what.en}`,
});

export const shownOf = (shown: string, total: string): Bilingual => ({
  zh: `显示前 ${shown} 个，共 ${total} 个`,
  en: `The first ${shown} of ${total} are shown`,
});

export const counted = (total: string): Bilingual => ({ zh: `共 ${total} 个`, en: `${total} in all` });

export const showMore = (count: string): Bilingual => ({ zh: `再显示 ${count} 个`, en: `Show ${count} more` });
