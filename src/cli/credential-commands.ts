import { ENVIRONMENTS, VENDOR_IDS } from '../contract/vendor.ts';
import { ACCOUNT, flag, FORCE, OPERATION, YES, type CommandSpec } from './command-parts.ts';

/** The steps of changing a secret. */
export const ROTATION_STEPS = ['stage', 'test', 'switch', 'finish'] as const;

/** What is done with accounts and their secrets. */
export const ACCOUNT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'accounts add',
    about: {
      zh: '添加供应商账号；密钥在隐藏的提示中输入，保存在系统钥匙串',
      en: 'add a vendor account; its secrets are typed at a hidden prompt and kept in the system keychain',
    },
    args: [],
    options: [
      {
        name: 'vendor',
        kind: 'text',
        value: 'ID',
        choices: VENDOR_IDS,
        help: { zh: `供应商：${VENDOR_IDS.join('、')}`, en: `the vendor: ${VENDOR_IDS.join(', ')}` },
      },
      { name: 'label', kind: 'text', value: 'TEXT', help: { zh: '账号的名称', en: "the account's label" } },
      {
        name: 'environment',
        kind: 'text',
        value: ENVIRONMENTS.filter((one) => one !== 'twin').join('|'),
        choices: ENVIRONMENTS.filter((one) => one !== 'twin'),
        help: { zh: '正式（live）或测试（test）环境；默认 live', en: 'live or test; live by default' },
      },
      {
        name: 'url',
        kind: 'text',
        value: 'ORIGIN',
        help: { zh: '接口地址，如 https://api.example.com', en: 'where calls go, such as https://api.example.com' },
      },
      {
        name: 'host',
        kind: 'list',
        value: 'HOST',
        help: { zh: '允许把密钥发往的主机（可多次）', en: 'a host that the secret may be sent to (repeatable)' },
      },
      {
        name: 'plain',
        kind: 'pairs',
        value: 'FIELD=VALUE',
        help: { zh: '非密钥的凭据字段（可多次）', en: 'a credential field that is no secret (repeatable)' },
      },
      {
        name: 'setting',
        kind: 'pairs',
        value: 'FIELD=VALUE',
        help: { zh: '账号的设置（可多次）', en: 'a setting of the account (repeatable)' },
      },
      { name: 'per-second', kind: 'number', value: 'N', help: { zh: '每秒最多的调用数', en: 'most calls a second' } },
      {
        name: 'concurrency',
        kind: 'integer',
        value: 'N',
        help: { zh: '同时进行的最多调用数', en: 'most calls under way at once' },
      },
      {
        name: 'relay',
        kind: 'text',
        value: 'ORIGIN',
        help: {
          zh: '由自己的签名中继签名（见 examples/relay)；密钥改为它的令牌 relayToken',
          en: 'sign by a relay of your own (see examples/relay); its relayToken is then the only secret',
        },
      },
      flag('accept-notice', '同意供应商关于保存密钥的提示', "agree to the vendor's notice about keeping the secret"),
      flag(
        'secrets-stdin',
        '从标准输入读取密钥：一个 JSON 对象，或每行 字段=值',
        'read the secrets from stdin: one JSON object, or lines of field=value',
      ),
      YES,
    ],
  },
  {
    name: 'accounts list',
    about: { zh: '列出账号（不含密钥）', en: 'list the accounts, without their secrets' },
    args: [],
    options: [],
  },
  {
    name: 'accounts test',
    about: { zh: '测试账号的凭据，不改动任何数据', en: "test an account's credentials; changes nothing" },
    args: [ACCOUNT],
    options: [],
  },
  {
    name: 'accounts keychain',
    about: {
      zh: '自检系统钥匙串：写入、读回、删除一个测试项',
      en: 'try the system keychain out: write, read and delete a test item',
    },
    args: [],
    options: [],
  },
  {
    name: 'accounts accept',
    about: {
      zh: '采用钥匙串里被别的程序改过的密钥',
      en: 'take a secret that something else changed in the keychain',
    },
    args: [ACCOUNT],
    options: [YES],
  },
  {
    name: 'accounts rotate',
    about: {
      zh: '轮换密钥：存入新的、测试、切换、删除旧的',
      en: 'change the secret while the old one is good: keep the new, test it, switch, delete the old',
    },
    args: [ACCOUNT],
    options: [
      {
        name: 'step',
        kind: 'text',
        value: ROTATION_STEPS.join('|'),
        choices: ROTATION_STEPS,
        help: {
          zh: 'stage 存入新的，test 测试它，switch 切换（再用一次换回），finish 删除不用的',
          en: 'stage keeps the new one, test tests it, switch uses it (and goes back when used again), finish deletes the unused',
        },
      },
      flag(
        'secrets-stdin',
        '从标准输入读取密钥：一个 JSON 对象，或每行 字段=值',
        'read the secrets from stdin: one JSON object, or lines of field=value',
      ),
      YES,
    ],
  },
  {
    name: 'accounts sign',
    about: {
      zh: '签名台：显示签名原文（密钥已遮盖）、签名和请求，与供应商工具的结果比对；不联网',
      en: "the sign desk: the text that is signed (secrets masked), the sign and the request, compared with the vendor's own tool; needs no network",
    },
    args: [
      ACCOUNT,
      OPERATION,
      {
        name: 'FIELD=VALUE',
        required: false,
        pairs: true,
        help: { zh: '操作的参数与一行的字段', en: "the operation's parameters and the fields of one row" },
      },
    ],
    options: [
      {
        name: 'time',
        kind: 'text',
        value: 'TIME',
        help: {
          zh: '要签的时间：2024-05-01 00:00:00（北京时间）、秒或毫秒；默认用早已过期的时间',
          en: 'the time to sign: 2024-05-01 00:00:00 (Beijing time), seconds or milliseconds; one long expired by default',
        },
      },
      {
        name: 'compare',
        kind: 'text',
        value: 'SIGN',
        help: { zh: '供应商工具给出的签名', en: "the sign that the vendor's tool gave" },
      },
      flag(
        'compare-stdin',
        '从标准输入读取供应商工具的签名或签名原文',
        "read the sign, or the text that is signed, of the vendor's tool from stdin",
      ),
    ],
  },
  {
    name: 'accounts remove',
    about: { zh: '删除账号及其密钥', en: 'remove an account and its secrets' },
    args: [ACCOUNT],
    options: [YES],
  },
];

/** The audit trail. */
export const AUDIT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'audit list',
    about: { zh: '审计记录：谁在什么时候做了什么', en: 'the audit trail: who did what, and when' },
    args: [],
    options: [{ name: 'most', kind: 'integer', value: 'N', help: { zh: '最多列出的行数', en: 'most lines to list' } }],
  },
  {
    name: 'audit verify',
    about: {
      zh: '检查审计记录有没有被改动、删除或插入',
      en: 'check that no line of the audit trail was altered, removed or inserted',
    },
    args: [],
    options: [],
  },
  {
    name: 'audit export',
    about: { zh: '把审计记录写到文件', en: 'write the audit trail to a file' },
    args: [{ name: 'FILE', required: true, help: { zh: '目标文件', en: 'the file to write' } }],
    options: [FORCE],
  },
];

const PASSPHRASE_STDIN = flag(
  'passphrase-stdin',
  '从标准输入读取口令，不在提示中输入',
  'read the passphrase from stdin instead of the hidden prompt',
);
/** Backups of accounts and their secrets. */
export const BACKUP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'backup make',
    about: {
      zh: '把所有账号连同密钥写进一个加密文件',
      en: 'write all accounts with their secrets into one encrypted file',
    },
    args: [{ name: 'FILE', required: true, help: { zh: '备份文件（.ocbackup)', en: 'the backup file (.ocbackup)' } }],
    options: [PASSPHRASE_STDIN, FORCE],
  },
  {
    name: 'backup restore',
    about: {
      zh: '显示备份里有什么，并按 --take 恢复',
      en: 'show what is in a backup, and put back what --take says',
    },
    args: [{ name: 'FILE', required: true, help: { zh: '备份文件', en: 'the backup file' } }],
    options: [
      {
        name: 'take',
        kind: 'text',
        value: 'nothing|new|all',
        choices: ['nothing', 'new', 'all'],
        help: {
          zh: 'new：这里没有的；all：不同的也覆盖；默认只显示',
          en: 'new: what is not here; all: replace what differs, too; by default it only shows',
        },
      },
      PASSPHRASE_STDIN,
      YES,
    ],
  },
];
