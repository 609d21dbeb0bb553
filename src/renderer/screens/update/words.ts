import type { Bilingual } from '../../../contract/text.ts';
import { language, number } from '../../i18n/index.ts';

/** "1 row", "2 rows"; Chinese knows no plural. */
export function plural(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** Names one after the other, as the language joins them. */
export function listed(names: readonly string[]): string {
  return names.join(language.value === 'zh-CN' ? '、' : ', ');
}

/** Words of the screen's frame. */
export const W = {
  title: { zh: '批量更新', en: 'Bulk update' },
  steps: { zh: '步骤', en: 'Steps' },
  intake: { zh: '导入', en: 'Intake' },
  check: { zh: '检查', en: 'Check' },
  preview: { zh: '预览', en: 'Preview' },
  run: { zh: '发送', en: 'Run' },
  report: { zh: '报告', en: 'Report' },
  reading: { zh: '正在读取任务…', en: 'Reading the job …' },
  again: { zh: '重试', en: 'Try again' },
  job: (id: number) => ({ zh: `任务 ${id}`, en: `Job ${id}` }),
  draft: { zh: '还没有发送任何数据', en: 'Nothing has been sent yet' },
  newUpdate: { zh: '新的批量更新', en: 'New update' },
  allJobs: { zh: '所有任务', en: 'All jobs' },
  dropHere: { zh: '松开鼠标，读入这个文件', en: 'Drop the file to read it in' },
  oneFile: { zh: '一次只能读入一个文件。', en: 'One file at a time, please.' },
  readOnly: {
    zh: '另一个控制台正在使用这些数据，这里只能查看。',
    en: 'Another console is using this data; here you can only look.',
  },
} as const;

/** Words of the intake. */
export const IN = {
  operation: { zh: '更新内容', en: 'Update' },
  noAccount: { zh: '还没有账号', en: 'No account yet' },
  noAccountText: {
    zh: '批量更新要用一个供应商账号。请先添加账号。',
    en: 'A bulk update needs a vendor account. Add one first.',
  },
  addAccount: { zh: '添加账号', en: 'Add an account' },
  noUpdate: (vendor: Bilingual) => ({
    zh: `${vendor.zh}没有可批量更新的接口，请换一个账号。`,
    en: `${vendor.en} has no call that updates orders. Choose another account.`,
  }),
  use: (label: string) => ({ zh: `改用 ${label}`, en: `Use ${label}` }),
  mendFirst: { zh: '这些内容读不了，请先按上面的说明处理。', en: 'This cannot be read; see above what to do.' },
  paste: { zh: '粘贴订单号或表格', en: 'Paste order numbers or a table' },
  pasteHint: {
    zh: '一行一个订单号，或从表格软件复制几列（带表头更好）',
    en: 'One order number a line, or columns copied from a spreadsheet (best with their header)',
  },
  or: { zh: '也可以把 CSV 或 XLSX 文件拖到这里的任何地方，或', en: 'Or drop a CSV or XLSX file anywhere here, or' },
  choose: { zh: '选择文件…', en: 'Choose a file …' },
  chooseOther: { zh: '换一个文件…', en: 'Choose another …' },
  remove: { zh: '移除', en: 'Remove' },
  removeFile: (name: string) => ({ zh: `移除 ${name}`, en: `Remove ${name}` }),
  clearText: { zh: '清空', en: 'Clear' },
  bigPaste: (n: number) => ({
    zh: `已粘贴 ${number(n)} 个字符，太长，不在这里显示。`,
    en: `${number(n)} characters pasted; too long to be shown here.`,
  }),
  tooBig: (n: number) => ({
    zh: `粘贴的内容有 ${number(n)} 个字符，超过 2,000 万。请存成 CSV 文件再导入。`,
    en: `The pasted text has ${number(n)} characters, more than 20 million. Save it as a CSV file and choose that.`,
  }),
  fromOrders: { zh: '“订单”中选中的行', en: 'The rows selected in Orders' },
  looking: { zh: '正在查看内容…', en: 'Looking at the input …' },
  encoding: { zh: '编码', en: 'Encoding' },
  auto: (found: string | null) => ({
    zh: found === null ? '自动识别' : `自动（${found}）`,
    en: found === null ? 'Detect' : `Detected: ${found}`,
  }),
  delimiter: { zh: '分隔', en: 'Delimiter' },
  header: { zh: '第一行是列名', en: 'First line has column names' },
  sample: { zh: '前几行', en: 'First rows' },
  line: { zh: '行', en: 'Line' },
  mapping: { zh: '哪一列是什么', en: 'Which column is what' },
  noColumn: { zh: '不使用', en: 'Not used' },
  pickColumn: { zh: '请选择列', en: 'Choose a column' },
  required: { zh: '必填', en: 'required' },
  ambiguous: (columns: string) => ({
    zh: `有几列都像：${columns}，请选择。`,
    en: `Several columns would fit: ${columns}. Choose one.`,
  }),
  missing: { zh: '没有找到这一列，请选择。', en: 'No column has this name. Choose one.' },
  shared: (other: string) => ({ zh: `与“${other}”用了同一列。`, en: `The same column as "${other}".` }),
  options: { zh: '发送方式', en: 'How to send' },
  readBefore: { zh: '写入前先读现值', en: 'Read the present value before each write' },
  readBeforeHelp: {
    zh: '已是所要的值就不写；预览后被人改过的不写。每单多一次查询。',
    en: 'Skips what is already as wanted, and what someone changed after the preview. One more look-up an order.',
  },
  writeUnreadable: { zh: '读不到现值的也写', en: 'Also write where the present value cannot be read' },
  verifyAfter: { zh: '发送后查证结果未知的行', en: 'Verify rows in doubt after sending' },
  verifyAfterHelp: {
    zh: '没有可信答复的行，查询供应商弄清结果；只查询，不再发送。',
    en: 'Where no trustworthy answer came, the vendor is asked what happened. It only reads; nothing is sent again.',
  },
  checkRows: { zh: '检查这些行', en: 'Check the rows' },
  importWaits: (why: Bilingual) => ({
    zh: `${why.zh}：读入的行都在，之后自动继续；也可以停止。`,
    en: `Waiting, ${why.en}: the rows read so far are kept, and it goes on by itself; or stop it.`,
  }),
  importing: (n: number) => ({ zh: `已读入 ${number(n)} 行`, en: `${plural(n, 'row', 'rows')} read` }),
  stop: { zh: '停止', en: 'Stop' },
  nothingSent: { zh: '检查只在本机进行，不发送任何数据。', en: 'The check runs on this machine and sends nothing.' },
  giveRows: { zh: '先粘贴订单号，或选择一个文件。', en: 'Paste order numbers or choose a file first.' },
  giveColumn: (field: string) => ({ zh: `请为“${field}”选择列。`, en: `Choose the column of "${field}".` }),
  giveParam: (field: string) => ({ zh: `请填写“${field}”。`, en: `Fill in "${field}".` }),
  oneColumnTwice: (one: string, other: string) => ({
    zh: `“${one}”和“${other}”不能用同一列。`,
    en: `"${one}" and "${other}" cannot use the same column.`,
  }),
  checked: (id: number) => ({ zh: `这些行已检查，是任务 ${id}。`, en: `These rows are checked, as job ${id}.` }),
  toCheck: { zh: '查看检查结果', en: 'See the check' },
  replaces: (id: number) => ({
    zh: `内容已改动。再次检查会取代任务 ${id}（它还没有发送）。`,
    en: `Changed since. Checking again replaces job ${id}, of which nothing was sent.`,
  }),
  lastJob: (id: number, account: string) => ({
    zh: `任务 ${id}（${account}）还没有完成。`,
    en: `Job ${id} (${account}) is not finished.`,
  }),
  open: { zh: '打开', en: 'Open' },
  readInAs: (id: number) => ({ zh: `任务 ${id} 的导入`, en: `Intake of job ${id}` }),
  source: { zh: '来源', en: 'Source' },
  createdAt: { zh: '导入时间', en: 'Read in' },
  pasted: { zh: '粘贴的内容', en: 'pasted text' },
  fixed: {
    zh: '已经导入的内容不再改动；要用别的内容，请开始新的批量更新。',
    en: 'What was read in stays as it is; begin a new update for anything else.',
  },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  delimiters: {
    ',': { zh: '逗号', en: 'comma' },
    '\t': { zh: '制表符', en: 'tab' },
    ';': { zh: '分号', en: 'semicolon' },
    list: { zh: '一串订单号', en: 'a list of order numbers' },
  } as Readonly<Record<string, Bilingual>>,
} as const;

/** Words of the check. */
export const CH = {
  read: { zh: '读入', en: 'read' },
  fit: { zh: '可以发送', en: 'fit to be sent' },
  aside: { zh: '搁置', en: 'set aside' },
  nothingFits: { zh: '没有一行可以发送', en: 'No row is fit to be sent' },
  nothingFitsText: {
    zh: '请看下面的原因：改正原表格后重新导入，或回去检查列的对应。',
    en: 'See why below: mend the table and read it in again, or go back and look at the columns.',
  },
  goBack: { zh: '返回导入', en: 'Back to the intake' },
  allFit: { zh: '全部通过，没有搁置的行。', en: 'All rows pass; none is set aside.' },
  why: { zh: '搁置的原因', en: 'Why rows are set aside' },
  whyText: { zh: '搁置的行不会发送，也不影响其他行。', en: 'They are not sent, and the other rows are not held up.' },
  allAside: { zh: '全部搁置的行', en: 'All rows set aside' },
  warnings: (n: number) => ({ zh: `提醒（${number(n)}）`, en: `Warnings (${number(n)})` }),
  warningsText: {
    zh: '有提醒的行仍会发送，请核对。',
    en: 'Rows with a warning are sent all the same; look them over.',
  },
  moreWarnings: (n: number) => ({ zh: `还有 ${number(n)} 条。`, en: `and ${number(n)} more.` }),
  unused: (n: number) => ({ zh: `未使用的列（${number(n)}）`, en: `Columns not used (${number(n)})` }),
  notices: { zh: '说明', en: 'Notes' },
  toPreview: (n: number) => ({ zh: `预览 ${number(n)} 单`, en: `Preview ${plural(n, 'order', 'orders')}` }),
  original: { zh: '原始内容', en: 'Original cells' },
  problem: { zh: '问题', en: 'Problem' },
} as const;
