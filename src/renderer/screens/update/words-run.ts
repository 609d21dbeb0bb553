import type { PauseReason } from '../../../contract/job.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { number } from '../../i18n/index.ts';
import { plural } from './words.ts';

const orders = (n: number): string => plural(n, 'order', 'orders');
const rows = (n: number): string => plural(n, 'row', 'rows');

/** Words of the preview. */
export const PR = {
  reading: { zh: '正在准备预览，不发送任何数据…', en: 'Preparing the preview; nothing is sent …' },
  orders: { zh: '单要发送', en: 'orders to send' },
  calls: { zh: '次调用', en: 'calls' },
  perCall: (n: number) => ({ zh: `每次最多 ${number(n)} 单`, en: `at most ${number(n)} orders each` }),
  onePerCall: { zh: '每次 1 单', en: 'one order each' },
  least: { zh: '至少需要', en: 'at least' },
  moment: { zh: '不到 1 秒', en: 'under 1 s' },
  pacing: { zh: '按账号的限速计算', en: "at the account's pace" },
  readsBefore: { zh: '写入前才读现值', en: 'the present value is read just before each write' },
  sameForAll: { zh: '所有行相同', en: 'the same for all' },
  nothing: { zh: '空', en: 'empty' },
  warnings: { zh: '请注意', en: 'Mind' },
  request: { zh: '第一个请求', en: 'The first request' },
  requestNote: {
    zh: '密钥已遮盖，时间戳是过期的，不能用来发送。',
    en: 'Secrets are masked and its time has expired, so it cannot be sent.',
  },
  headers: { zh: '请求头', en: 'Headers' },
  body: { zh: '正文', en: 'Body' },
  signedText: { zh: '签名原文', en: 'Signed text' },
  sign: { zh: '签名', en: 'Sign' },
  copy: { zh: '复制请求', en: 'Copy the request' },
  copied: { zh: '已复制', en: 'Copied' },
  noRequest: { zh: '看不到第一个请求', en: 'The first request cannot be shown' },
  firstOnly: { zh: '先发送前', en: 'Send the first' },
  firstThen: { zh: '单，再问我', en: 'orders, then ask me' },
  firstLabel: { zh: '先发送几单', en: 'How many orders to send first' },
  send: (n: number, account: string) => ({
    zh: `发送 ${number(n)} 单到 ${account}`,
    en: `Send ${orders(n)} to ${account}`,
  }),
  sendFirst: (n: number, account: string) => ({
    zh: `先发送 ${number(n)} 单到 ${account}`,
    en: `Send the first ${orders(n)} to ${account}`,
  }),
  sendVerb: (n: number) => ({ zh: `发送 ${number(n)} 单`, en: `Send ${orders(n)}` }),
  confirmTitle: (operation: Bilingual) => ({ zh: `${operation.zh}？`, en: `${operation.en}?` }),
  confirmText: (n: number, account: string, vendor: Bilingual) => ({
    zh: `将向“${account}”（${vendor.zh}）发送 ${number(n)} 单。`,
    en: `${orders(n)} will be sent to "${account}" (${vendor.en}).`,
  }),
  confirmFirst: (n: number, rest: number, account: string, vendor: Bilingual) => ({
    zh: `将先向“${account}”（${vendor.zh}）发送 ${number(n)} 单，然后暂停；其余 ${number(rest)} 单等您确认后才发送。`,
    en: `The first ${orders(n)} will be sent to "${account}" (${vendor.en}); the other ${number(rest)} wait for your word.`,
  }),
  nothingPending: { zh: '没有等待发送的行。', en: 'No row waits to be sent.' },
  kept: { zh: '这是发送前的预览。', en: 'This is the preview from before the run.' },
} as const;

/** What becomes of a row whose answer is not known, by how the vendor takes a repeated call. */
export const REPEAT_WORDS: Readonly<Record<'never' | 'afterVerify' | 'always', Bilingual>> = {
  never: {
    zh: '每单只发送一次：没有可信答复的行记为“未知”，只能查询，控制台不会再发。',
    en: 'Each order is sent once: without a trustworthy answer it is kept as unknown and only looked up, never sent again by the console.',
  },
  afterVerify: {
    zh: '没有可信答复的行记为“未知”；查证确定没有执行之后，才可以再发。',
    en: 'Without a trustworthy answer an order is kept as unknown; it may be sent again only once it is verified as not applied.',
  },
  always: {
    zh: '没有可信答复的行记为“未知”，控制台不会自行再发。',
    en: 'Without a trustworthy answer an order is kept as unknown; the console does not send it again by itself.',
  },
};

/** Words of the run. */
export const RU = {
  running: { zh: '正在发送', en: 'Sending' },
  pausing: { zh: '正在完成已发出的调用，然后停下…', en: 'Finishing what is under way, then stopping …' },
  verifying: { zh: '正在查证结果未知的行', en: 'Verifying rows in doubt' },
  verifyingText: { zh: '只查询供应商，不再发送任何行。', en: 'The vendor is only asked; nothing is sent again.' },
  verifyRead: (n: number) => ({ zh: `已查询 ${number(n)} 行`, en: `${rows(n)} read` }),
  verifyWait: (left: string) => ({
    zh: `${left}后再读一次：要间隔一段时间的读数一致才算数`,
    en: `reading again in ${left}: only readings some time apart that agree count`,
  }),
  stopVerify: { zh: '停止查证', en: 'Stop verifying' },
  verifyEnd: (succeeded: number, failed: number, unknown: number) => ({
    zh: `查证结束：成功 ${number(succeeded)}，失败 ${number(failed)}，仍未知 ${number(unknown)}。`,
    en: `Verified: ${number(succeeded)} succeeded, ${number(failed)} failed, ${number(unknown)} still unknown.`,
  }),
  finished: { zh: '发送完成', en: 'Done' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  ready: { zh: '还没有开始', en: 'Not begun yet' },
  done: { zh: '已完成', en: 'Done' },
  ofRows: (n: number) => ({ zh: `共 ${number(n)} 行`, en: `of ${rows(n)}` }),
  rate: { zh: '速度', en: 'Speed' },
  perSecond: { zh: '行/秒', en: 'rows/s' },
  left: { zh: '还需', en: 'Time left' },
  elapsed: { zh: '已用', en: 'Elapsed' },
  unknownYet: { zh: '计算中', en: 'not known yet' },
  wrong: { zh: '出现的问题', en: 'What is going wrong' },
  nothingWrong: { zh: '目前没有失败或未知的行。', en: 'Nothing has failed so far.' },
  unclear: { zh: '没有可信的答复', en: 'No trustworthy answer' },
  unclearRemedy: {
    zh: '不会自行再发；发送结束后可以查证。',
    en: 'It is not sent again by itself; it can be verified when the run ends.',
  },
  whatToDo: { zh: '办法：', en: 'What to do: ' },
  pause: { zh: '暂停', en: 'Pause' },
  cancelRest: (n: number) => ({ zh: `取消其余 ${number(n)} 单`, en: `Cancel the other ${number(n)}` }),
  resume: (n: number) => ({ zh: `继续发送 ${number(n)} 单`, en: `Go on: send ${orders(n)}` }),
  sendRest: (n: number) => ({ zh: `发送其余 ${number(n)} 单`, en: `Send the other ${number(n)}` }),
  look: { zh: '查看各行', en: 'Look at the rows' },
  cancelTitle: { zh: '取消其余的行？', en: 'Cancel the rest?' },
  cancelText: (n: number, account: string) => ({
    zh: `“${account}”还有 ${number(n)} 单没有发送，取消后不再发送。已经发送的不受影响，也不能撤回。`,
    en: `${orders(n)} of "${account}" will not be sent. What has been sent stays sent.`,
  }),
  toReport: { zh: '查看报告', en: 'See the report' },
  offline: { zh: '另一个控制台在运行它，这里只能查看。', en: 'Another console runs it; here you can only look.' },
  backingOff: (left: string) => ({
    zh: `供应商要求放慢，${left}后继续。`,
    en: `The vendor asked to slow down; going on in ${left}.`,
  }),
  waits: (why: Bilingual) => ({ zh: `等待中：${why.zh}`, en: `Waiting: ${why.en}` }),
  waitsSince: (time: string) => ({ zh: `自 ${time} 起等待。`, en: `It has waited since ${time}.` }),
  waitsUntil: (left: string, time: string) => ({
    zh: `${left}后（${time}）自动继续。`,
    en: `It goes on by itself in ${left}, at ${time}.`,
  }),
  looksAgain: (left: string) => ({
    zh: `${left}后再看一次，好了就自动继续。`,
    en: `It looks again in ${left} and goes on by itself.`,
  }),
  looksNow: { zh: '正在查看能否继续…', en: 'Looking whether it can go on …' },
  waitsAwake: { zh: '电脑唤醒后自动继续。', en: 'It goes on by itself when the computer is awake.' },
  goOnNow: { zh: '现在继续', en: 'Go on now' },
  /** Heard, not seen: said when a tenth more is done. */
  spoken: (done: string) => ({ zh: `已完成 ${done}`, en: `${done} done` }),
} as const;

/** What to do about a pause. */
export const PAUSE_REMEDIES: Readonly<Record<PauseReason, Bilingual>> = {
  person: { zh: '可以继续发送，或取消其余的行。', en: 'Go on when you like, or cancel the rest.' },
  first_rows: {
    zh: '请看前面几单的结果，再决定是否发送其余的。',
    en: 'Look at these results, then send the rest or cancel it.',
  },
  crash: {
    zh: '当时正在发送的行已记为未知，不会自行再发。请先查证，再继续。',
    en: 'Rows that were being sent then are kept as unknown and not sent again. Verify them, then go on.',
  },
  rejected_in_row: {
    zh: '请看下面的原因，改正后继续；被拒绝的行会重新发送。',
    en: 'See the reasons below and mend them; rejected rows are sent again when you go on.',
  },
  unknown_in_row: {
    zh: '请检查网络；先查证未知的行，再继续。',
    en: 'Check the network and verify the rows in doubt, then go on.',
  },
  limit: {
    zh: '请过一会儿再继续，或在设置中放慢这个账号的速度。',
    en: 'Wait a while before you go on, or set a slower pace for the account in Settings.',
  },
  clock: { zh: '请校准这台电脑的时间，再继续。', en: "Set this computer's clock right, then go on." },
  sign: {
    zh: '请在“账号”中核对密钥和接口地址，再继续。',
    en: 'Compare the secret and the address in Accounts, then go on.',
  },
  permission: {
    zh: '请在供应商后台开通权限（或把本机 IP 加入白名单），再继续。',
    en: "Grant the permission in the vendor's back office (or list this machine's IP), then go on.",
  },
  quota: {
    zh: '请向供应商增加额度或等额度恢复，再继续。',
    en: 'Ask the vendor for more quota or wait until it is renewed, then go on.',
  },
  vault: { zh: '请解锁系统钥匙串，再继续。', en: "Unlock the system's keychain, then go on." },
  host: { zh: '请在“账号”中核对接口地址，再继续。', en: "Compare the account's address in Accounts, then go on." },
  storage: {
    zh: '请检查磁盘空间，再继续；已有的结果会先补写。',
    en: 'Check the disk space, then go on; results at hand are written first.',
  },
  sleep: {
    zh: '电脑唤醒后自动继续；休眠时没有答复的行记为未知，不会再发。',
    en: 'It goes on by itself when the computer is awake; rows without an answer are kept as unknown and not sent again.',
  },
  network: {
    zh: '请检查网络和代理；连上供应商后自动继续，没有发出的行都还在等待。',
    en: 'Check the network and the proxy. It goes on by itself once the vendor is reached; rows that were not sent still wait.',
  },
  vendor_block: {
    zh: '到时间后自动继续；请同时停下使用同一账号或同一网络的其他软件。',
    en: 'It goes on by itself when the time is over; stop other programs on the same account or network meanwhile.',
  },
  clock_changed: {
    zh: '正在重新核对供应商的时间，然后自动继续；没有因此失败的行。',
    en: "The vendor's time is being learnt anew, then it goes on by itself; no row fails for it.",
  },
  disk_full: {
    zh: '请腾出磁盘空间，有空间后继续；手上的结果会先补写，没有写入记录的行不会发送。',
    en: 'Free some disk space, then go on: results at hand are written first, and no row is sent without its journal entry.',
  },
  database_busy: {
    zh: '请关闭占用数据库的程序（备份、同步、杀毒），释放后自动继续。',
    en: 'Close the program that holds the database (backup, sync, antivirus); it goes on by itself once it is freed.',
  },
  internal: {
    zh: '请再继续一次；如果还出现，请重启控制台。',
    en: 'Go on once more; restart the console if this comes again.',
  },
};

/** Words of the report. */
export const RE = {
  all: { zh: '全部', en: 'All rows' },
  outcomes: { zh: '结果', en: 'Outcomes' },
  reasons: { zh: '原因', en: 'Reasons' },
  noReasons: { zh: '没有失败、未知或被拒绝的行。', en: 'No row failed, was rejected or is in doubt.' },
  lines: (lines: string) => ({ zh: `第 ${lines} 行`, en: `lines ${lines}` }),
  find: { zh: '查找订单号或行号', en: 'Find an order or line' },
  findVerb: { zh: '查找', en: 'Find' },
  notFound: (order: string) => ({ zh: `这里没有“${order}”。`, en: `"${order}" is not among these rows.` }),
  empty: { zh: '没有这样的行。', en: 'There is no such row.' },
  unknownTitle: { zh: '“未知”是什么意思', en: 'What "unknown" means' },
  unknownText: {
    zh: '请求已发出，但没有可信的答复：供应商可能已执行，也可能没有。控制台不会自行再发，请查证或到供应商后台核对。',
    en: "The request went out and no trustworthy answer came: the vendor may have acted on it or not. Nothing is sent again by itself; verify these rows, or look them up in the vendor's back office.",
  },
  noVerify: {
    zh: '这个操作没有可用来查证的接口。',
    en: 'This operation has no look-up to verify with.',
  },
  retry: (n: number) => ({ zh: `重试 ${number(n)} 行`, en: `Retry ${rows(n)}` }),
  retryTitle: { zh: '重新发送？', en: 'Send again?' },
  retryText: (n: number, account: string) => ({
    zh: `将向“${account}”重新发送 ${number(n)} 行：只有确定没有执行、可以重试的行。未知的行不在其中。`,
    en: `${rows(n)} will be sent to "${account}" again: only those surely not acted on that may be retried. Rows in doubt are not among them.`,
  }),
  verify: (n: number) => ({ zh: `查证 ${number(n)} 行未知`, en: `Verify ${number(n)} unknown` }),
  export: (n: number) => ({ zh: `导出 ${number(n)} 行`, en: `Export ${rows(n)}` }),
  saved: (n: number, name: string) => ({
    zh: `已导出 ${number(n)} 行：${name}`,
    en: `${rows(n)} exported: ${name}`,
  }),
  saveXlsx: { zh: '保存为 Excel', en: 'Save as Excel' },
  saveHtml: { zh: '保存一页汇总', en: 'Save one-page summary' },
  summarised: (name: string) => ({ zh: `汇总已保存：${name}`, en: `Summary saved: ${name}` }),
  showInFolder: { zh: '在文件夹中显示', en: 'Show in folder' },
  col: {
    line: { zh: '行', en: 'Line' },
    order: { zh: '订单号', en: 'Order' },
    state: { zh: '结果', en: 'Outcome' },
    why: { zh: '说明', en: 'Why' },
    old: (name: Bilingual) => ({ zh: `原${name.zh}`, en: `${name.en} before` }),
    attempts: { zh: '次数', en: 'Calls' },
    left: { zh: '可发送时间', en: 'Time left to send' },
    sentAt: { zh: '发送时间', en: 'Sent' },
    settledAt: { zh: '完成时间', en: 'Settled' },
    requestId: { zh: '请求编号', en: 'Request id' },
    code: { zh: '代码', en: 'Code' },
  },
  detail: (line: number) => ({ zh: `第 ${number(line)} 行`, en: `Line ${number(line)}` }),
  reading: { zh: '正在读取…', en: 'Reading …' },
  original: { zh: '原始内容', en: 'Original cells' },
  erased: { zh: '已清除', en: 'Erased' },
  sent: { zh: '发送内容', en: 'What is sent' },
  whatHappened: { zh: '经过', en: 'What happened' },
  vendorSays: { zh: '供应商的原话', en: "The vendor's words" },
  remedy: { zh: '办法', en: 'What to do' },
  copyOrder: { zh: '复制订单号', en: 'Copy the order number' },
  copied: { zh: '已复制', en: 'Copied' },
} as const;
