import { EXPORT_FORMATS } from '../contract/job.ts';
import type { Bilingual } from '../contract/text.ts';

/**
 * An option of a command. `flag` takes no value, or with `counts` a number of rows; `list` may be given several times; `pairs` are
 * `field=value`, several times.
 */
export interface OptionSpec {
  readonly name: string;
  readonly kind: 'flag' | 'text' | 'integer' | 'number' | 'list' | 'pairs';
  readonly short?: string;
  readonly counts?: boolean;
  readonly choices?: readonly string[];
  /** What stands for the value in the usage. */
  readonly value?: string;
  readonly help: Bilingual;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly help: Bilingual;
  readonly required: boolean;
  /** The last argument alone: `field=value`, any number of times. */
  readonly pairs?: boolean;
}

export interface CommandSpec {
  readonly name: string;
  readonly about: Bilingual;
  readonly args: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
}

export const flag = (name: string, zh: string, en: string): OptionSpec => ({ name, kind: 'flag', help: { zh, en } });

export const ACCOUNT: ArgumentSpec = {
  name: 'ACCOUNT',
  required: true,
  help: { zh: '账号的 id 或名称（见 accounts list)', en: "the account's id or label (see accounts list)" },
};
export const OPERATION: ArgumentSpec = {
  name: 'OPERATION',
  required: true,
  help: { zh: '供应商的操作；写错时会列出可用的', en: "the vendor's operation; a wrong one lists those there are" },
};
export const JOB: ArgumentSpec = {
  name: 'JOB',
  required: true,
  help: { zh: '任务编号（见 jobs list)', en: "the job's number (see jobs list)" },
};
export const OUT: OptionSpec = {
  name: 'out',
  kind: 'text',
  short: 'o',
  value: 'FILE',
  help: { zh: '把结果写成 CSV 文件', en: 'write the result to a CSV file' },
};
export const FORMAT: OptionSpec = {
  name: 'format',
  kind: 'text',
  value: EXPORT_FORMATS.join('|'),
  choices: EXPORT_FORMATS,
  help: {
    zh: '逐行的 csv 或 xlsx，或一页汇总 html；默认看文件名的结尾',
    en: "all rows as csv or xlsx, or a one-page summary as html; by default as the file's name ends",
  },
};
export const FORCE = flag('force', '覆盖已有的文件', 'replace a file that exists');
export const YES: OptionSpec = {
  name: 'yes',
  kind: 'flag',
  short: 'y',
  help: { zh: '不再询问，一律回答“是”', en: 'answer every question with yes' },
};
/** Of what sends rows: with their number where no one can set them back. */
export const YES_COUNT: OptionSpec = {
  name: 'yes',
  kind: 'flag',
  counts: true,
  short: 'y',
  value: '[COUNT]',
  help: {
    zh: '不再询问；不能撤销且行数超过设置的上限时，要写明将发送的行数',
    en: 'ask nothing; where nothing can be undone, above the limit of the settings, it takes the number of rows to be sent',
  },
};
export const FIRST: OptionSpec = {
  name: 'first',
  kind: 'integer',
  value: 'N',
  help: { zh: '先只发送 N 行，然后暂停等您确认', en: 'send N rows, then pause for you to look' },
};
