import type { AccountPatchInput } from '../../../contract/account.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { PAUSE_WORDS, STATE_WORDS } from '../../../contract/words.ts';
import { ENVIRONMENT_WORDS } from '../../components/account-words.ts';
import { number } from '../../i18n/index.ts';

type Words = Readonly<Record<string, Bilingual | undefined>>;

/** What the details of an entry are called; a later console's by their own names. */
export const DETAIL_WORDS: Words = {
  vendor: { zh: '供应商', en: 'vendor' },
  environment: { zh: '环境', en: 'environment' },
  fields: { zh: '改动', en: 'changed' },
  restored: { zh: '来自备份', en: 'from a backup' },
  job: { zh: '任务', en: 'job' },
  undoJob: { zh: '撤销任务', en: 'undo job' },
  operation: { zh: '操作', en: 'operation' },
  pending: { zh: '待发', en: 'to send' },
  firstRows: { zh: '只发前', en: 'only the first' },
  confirmed: { zh: '输入确认', en: 'typed to confirm' },
  rows: { zh: '行', en: 'rows' },
  succeeded: STATE_WORDS.succeeded.words,
  failed: STATE_WORDS.failed.words,
  unknown: STATE_WORDS.unknown.words,
  notSent: STATE_WORDS.not_sent.words,
  reason: { zh: '原因', en: 'reason' },
  code: { zh: '代码', en: 'code' },
  as: { zh: '定为', en: 'decided as' },
  accounts: { zh: '账号', en: 'accounts' },
  leftOut: { zh: '未包含', en: 'left out' },
  why: { zh: '缘由', en: 'why' },
  by: { zh: '方式', en: 'by' },
  failures: { zh: '失败次数', en: 'failures' },
};

/** What of an account may have been changed. */
const FIELD_WORDS: Readonly<Record<keyof AccountPatchInput, Bilingual>> = {
  label: { zh: '名称', en: 'name' },
  baseUrl: { zh: '接口地址', en: 'address' },
  hosts: { zh: '允许的主机', en: 'allowed hosts' },
  plain: { zh: '凭证中公开的部分', en: 'what is open of its credentials' },
  settings: { zh: '设置', en: 'settings' },
  pacing: { zh: '发送速度', en: 'pacing' },
  colour: { zh: '颜色', en: 'colour' },
  secrets: { zh: '密钥', en: 'secret' },
};

/** What their values are called, where they are one of a few. */
export const VALUE_WORDS: Readonly<Record<string, Words | undefined>> = {
  environment: ENVIRONMENT_WORDS,
  fields: FIELD_WORDS,
  reason: PAUSE_WORDS,
  as: { succeeded: STATE_WORDS.succeeded.words, failed: STATE_WORDS.failed.words },
  why: {
    person: { zh: '本人', en: 'a person' },
    idle: { zh: '无人操作', en: 'idle' },
    screen: { zh: '系统锁屏', en: 'screen lock' },
    suspend: { zh: '电脑睡眠', en: 'sleep' },
  },
  by: { passphrase: { zh: '口令', en: 'passphrase' }, system: { zh: '系统', en: 'the system' } },
};

/** Words of the audit trail. */
export const W = {
  title: { zh: '审计记录', en: 'Audit trail' },
  about: {
    zh: '谁、什么时候、对哪个账号做了什么。不含密钥，也不含买家资料。每一行都带着前一行的摘要：改动、删除或插入任何一行都会被发现。',
    en: "Who did what with which account, and when. It holds no secret and no buyer's data. Each line bears the hash of the one before, so that any line that is altered, removed or inserted is found.",
  },
  verify: { zh: '检查是否完整', en: 'Verify' },
  export: { zh: '导出', en: 'Export' },
  older: { zh: '更早的', en: 'Older' },
  newer: { zh: '更新的', en: 'Newer' },
  sound: (entries: number) => ({
    zh: `完整：${number(entries)} 行，没有一行被改动、删除或插入。`,
    en: `Sound: ${number(entries)} lines, none of them altered, removed or inserted.`,
  }),
  head: {
    zh: '末尾的摘要（记在别处，就能发现整份记录被换掉）：',
    en: 'Hash of the end (noted elsewhere, it tells when the whole trail was exchanged):',
  },
  fault: { zh: '记录不完整。', en: 'The trail is not sound.' },
  faultText: {
    zh: '请保留这些文件，导出一份，并查明是谁动过数据文件夹。之后的记录会继续写。',
    en: 'Keep the files, export a copy and find out who has been in the data folder. What happens from now on is still written.',
  },
  saved: (rows: number, name: string) => ({
    zh: `已导出 ${number(rows)} 行到 ${name}`,
    en: `${number(rows)} lines saved to ${name}`,
  }),
  list: { zh: '审计记录，最新的在前', en: 'Audit trail, the newest first' },
  at: { zh: '时间', en: 'When' },
  user: { zh: '系统用户', en: 'System user' },
  what: { zh: '做了什么', en: 'What' },
  account: { zh: '账号', en: 'Account' },
  detail: { zh: '细节', en: 'Detail' },
  and: { zh: '、', en: ', ' },
  none: { zh: '还没有记录', en: 'Nothing yet' },
  noneText: {
    zh: '添加账号、更换密钥、运行任务之后，这里会逐行记下。模拟供应商的不记。',
    en: 'Once accounts are added, secrets replaced or jobs run, each stands here in a line. What is done with practice vendors does not.',
  },
  back: { zh: '回到设置', en: 'Back to the settings' },
  range: (from: number, to: number, total: number) => ({
    zh: `第 ${number(from)}–${number(to)} 行，共 ${number(total)} 行`,
    en: `${number(from)}–${number(to)} of ${number(total)}`,
  }),
} as const;
