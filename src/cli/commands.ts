import { LANGUAGES } from '../contract/text.ts';
import {
  ACCOUNT,
  FIRST,
  flag,
  FORCE,
  FORMAT,
  JOB,
  OPERATION,
  OUT,
  YES,
  YES_COUNT,
  type CommandSpec,
  type OptionSpec,
} from './command-parts.ts';
import { ACCOUNT_COMMANDS, AUDIT_COMMANDS, BACKUP_COMMANDS } from './credential-commands.ts';
import { ORDER_COMMANDS } from './order-commands.ts';

export type { ArgumentSpec, CommandSpec, OptionSpec } from './command-parts.ts';

/** Options that every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'lang',
    kind: 'text',
    value: LANGUAGES.join('|'),
    choices: ['zh', ...LANGUAGES],
    help: { zh: '语言；默认跟随系统', en: "the language; the system's by default" },
  },
  flag('json', '每行输出一个 JSON 对象，供程序读取', 'print one JSON object a line, for programs'),
  flag('no-color', '不使用颜色', 'print without colours'),
  {
    name: 'data-folder',
    kind: 'text',
    value: 'DIR',
    help: { zh: '账号与任务所在的文件夹', en: 'the folder of accounts and jobs' },
  },
  flag(
    'twins',
    '使用内置的模拟供应商（账号 twin-polyv 等），不连任何真实供应商',
    'work on the embedded vendor twins (accounts twin-polyv …), on no real vendor',
  ),
  { name: 'help', kind: 'flag', short: 'h', help: { zh: '显示用法', en: 'show the usage' } },
  { name: 'version', kind: 'flag', short: 'V', help: { zh: '显示版本', en: 'show the version' } },
];

const work: readonly CommandSpec[] = [
  {
    name: 'demo',
    about: {
      zh: '在内置的模拟供应商上演示全部流程，无需账号',
      en: 'show the whole main job on embedded vendor twins; needs no account',
    },
    args: [],
    options: [
      {
        name: 'seed',
        kind: 'integer',
        value: 'N',
        help: { zh: '生成订单与故障的种子', en: 'the seed of the orders and faults' },
      },
      { ...OUT, help: { zh: '导出 CSV 的文件夹', en: 'the folder that the CSV exports go to' }, value: 'DIR' },
    ],
  },
  {
    name: 'lookup',
    about: { zh: '查询订单', en: 'look orders up' },
    args: [
      ACCOUNT,
      OPERATION,
      { name: 'FIELD=VALUE', required: false, pairs: true, help: { zh: '查询条件', en: 'what to look for' } },
    ],
    options: [
      OUT,
      FORCE,
      {
        name: 'orders',
        kind: 'text',
        value: 'FILE',
        help: {
          zh: '从文件（或用 - 从标准输入）读取订单号，用于按订单号查询',
          en: 'read the order numbers from a file, or - for stdin, where a lookup takes many',
        },
      },
      { name: 'most', kind: 'integer', value: 'N', help: { zh: '最多读取的行数', en: 'most rows to read' } },
      flag('keep', '把查到的订单存进本机的已存订单', 'keep the orders on this machine, among the kept orders'),
      flag('show-personal', '显示买家的姓名、电话与地址', "show buyers' names, phones and addresses"),
    ],
  },
  {
    name: 'update',
    about: { zh: '批量修改订单', en: 'change orders in bulk' },
    args: [
      ACCOUNT,
      OPERATION,
      {
        name: 'FILE',
        required: true,
        help: { zh: 'CSV 或 XLSX 文件，或用 - 从标准输入读取 CSV', en: 'a CSV or XLSX file, or - for CSV on stdin' },
      },
    ],
    options: [
      {
        name: 'set',
        kind: 'pairs',
        value: 'FIELD=VALUE',
        help: { zh: '所有行共用的值（可多次）', en: 'a value that all rows share (repeatable)' },
      },
      {
        name: 'map',
        kind: 'pairs',
        value: 'FIELD=COLUMN',
        help: { zh: '字段对应的列名或列号（可多次）', en: 'the column, by name or number, of a field (repeatable)' },
      },
      flag('no-header', '第一行就是数据', 'the first line is data'),
      {
        name: 'sheet',
        kind: 'text',
        value: 'NAME',
        help: {
          zh: 'XLSX 的工作表；默认第一个有内容的',
          en: 'the sheet of an XLSX; the first with something in it by default',
        },
      },
      flag('again', '再次导入以前导入过的同一个文件', 'import a file again that was imported before'),
      flag(
        'template',
        '不导入，而是把空白模板写到 FILE（.csv 或 .xlsx）',
        'import nothing: write an empty template to FILE (.csv or .xlsx)',
      ),
      {
        name: 'encoding',
        kind: 'text',
        value: 'NAME',
        help: { zh: '文件编码；默认自动识别', en: "the file's encoding; found out by default" },
      },
      flag(
        'dry-run',
        '只显示签好名的请求（密钥已遮盖），什么都不发送',
        'show the signed request, secrets masked, and send nothing',
      ),
      flag(
        'look',
        '读取现值，显示从什么改成什么，什么都不发送；任务留着，以后再运行',
        'read what is there, show what changes into what, and send nothing; the job is kept to be run later',
      ),
      {
        name: 'title',
        kind: 'text',
        value: 'TEXT',
        help: { zh: '任务的名称', en: "the job's name" },
      },
      FIRST,
      flag('read-before', '写入前读取当前值', 'read the present value before each write'),
      flag('no-read-before', '写入前不读取当前值', 'do not read the present value before each write'),
      flag('write-unreadable', '当前值读不到的行也写入', 'write rows whose present value cannot be read, too'),
      flag('no-verify', '结束后不核对未知的行', 'do not verify unknown rows at the end'),
      OUT,
      FORCE,
      YES_COUNT,
    ],
  },
];

const jobCommand = (name: string, zh: string, en: string, options: readonly OptionSpec[] = []): CommandSpec => ({
  name: `jobs ${name}`,
  about: { zh, en },
  args: [JOB],
  options,
});

const jobs: readonly CommandSpec[] = [
  {
    name: 'jobs list',
    about: { zh: '列出任务', en: 'list the jobs' },
    args: [],
    options: [{ name: 'most', kind: 'integer', value: 'N', help: { zh: '最多列出的任务数', en: 'most jobs to list' } }],
  },
  jobCommand('show', '显示任务的状态与原因', 'show where a job stands and why', [
    {
      name: 'rows',
      kind: 'text',
      value: 'STATE',
      choices: ['succeeded', 'failed', 'unknown', 'not_sent', 'all'],
      help: { zh: '同时列出这种状态的行', en: 'also list the rows in this state' },
    },
    { name: 'most', kind: 'integer', value: 'N', help: { zh: '最多列出的行数', en: 'most rows to list' } },
  ]),
  jobCommand('look', '读取任务各行的现值，什么都不发送', "read what is there of a job's rows; sends nothing", [
    flag('again', '全部重新读取', 'read all of them anew'),
  ]),
  jobCommand('pause', '完成进行中的调用后暂停', 'finish what is under way, then pause'),
  jobCommand('resume', '继续暂停或中断的任务', 'go on with a job that is paused or was interrupted', [
    FIRST,
    YES_COUNT,
  ]),
  jobCommand('cancel', '放弃还没有发送的行', 'give up what has not been sent', [YES]),
  jobCommand('retry', '把可以安全重发的行再发一次', 'send again the rows that are safe to send again', [
    FIRST,
    YES_COUNT,
  ]),
  jobCommand('verify', '向供应商查询未知的行，不发送修改', 'ask the vendor about unknown rows; sends no update'),
  jobCommand(
    'undo',
    '把任务写入前的值写回去：建一个撤销任务，确认后运行',
    'write back what was there before a job: makes its reverse job and, once confirmed, runs it',
    [FIRST, YES_COUNT],
  ),
  jobCommand('decide', '由您说明未知的行是否执行了', 'say of rows in doubt whether they happened', [
    {
      name: 'as',
      kind: 'text',
      value: 'succeeded|failed',
      choices: ['succeeded', 'failed'],
      help: { zh: 'succeeded：确实执行了；failed：没有执行', en: 'succeeded: it did happen; failed: it did not' },
    },
    {
      name: 'order',
      kind: 'list',
      value: 'ORDER',
      help: { zh: '订单号（可多次）', en: "an order's number (repeatable)" },
    },
    flag('all', '所有未知的行', 'all rows in doubt'),
    YES,
  ]),
  jobCommand('follow-up', '把改正后的行作为后续任务发送', 'send mended rows as a follow-up job', [
    {
      name: 'file',
      kind: 'text',
      value: 'FILE',
      help: {
        zh: '改正了单元格的导出文件（CSV）；不给则发送已改正的行',
        en: 'an export (CSV) with mended cells; without it, the rows that are mended already',
      },
    },
    FIRST,
    YES_COUNT,
  ]),
  jobCommand('export', '导出每一行及其结果，或一页汇总', 'export every row with its outcome, or a one-page summary', [
    FORMAT,
    { ...OUT, help: { zh: '写到这个文件', en: 'write to this file' } },
    FORCE,
  ]),
  {
    name: 'jobs find',
    about: { zh: '在所有任务中查找一个订单', en: 'find an order in all jobs' },
    args: [{ name: 'ORDER', required: true, help: { zh: '订单号', en: "the order's number" } }],
    options: [flag('log', '按时间列出它的经过', 'everything that happened to it, by time')],
  },
];

/** Every command of the terminal. */
export const COMMANDS: readonly CommandSpec[] = [
  ...work,
  ...ORDER_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...jobs,
  ...AUDIT_COMMANDS,
  ...BACKUP_COMMANDS,
];
