import stringWidth from 'string-width';
import { say, type Language } from '../contract/text.ts';
import { COMMANDS, GLOBAL_OPTIONS, type ArgumentSpec, type CommandSpec, type OptionSpec } from './commands.ts';

export const PROGRAM = 'npm run cli --';

const WORDS = {
  'zh-CN': {
    usage: '用法',
    commands: '命令',
    args: '参数',
    options: '选项',
    all: '所有命令都有的选项',
    more: '某个命令的用法：',
    exit: '退出码：0 全部成功；1 内部错误；2 用法有误；3 有失败或未能发送的行；4 有结果未知的行；130 被中断',
    secret: '密钥从不写在命令行上：它们在隐藏的提示中输入，或用 --secrets-stdin 从标准输入读取。',
  },
  en: {
    usage: 'Usage',
    commands: 'Commands',
    args: 'Arguments',
    options: 'Options',
    all: 'Options of every command',
    more: 'The usage of one command:',
    exit: 'Exit codes: 0 all well; 1 internal error; 2 bad usage; 3 some rows failed or could not be sent; 4 some outcomes are unknown; 130 interrupted',
    secret:
      'Secrets never stand on the command line: they are typed at a hidden prompt, or read from stdin by --secrets-stdin.',
  },
} as const;

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function listed(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...pairs.map(([left]) => stringWidth(left)));
  return pairs.map(([left, right]) => `  ${pad(left, width)}  ${right}`);
}

function argumentText(argument: ArgumentSpec): string {
  if (argument.pairs === true) return `[${argument.name} ...]`;
  return argument.required ? argument.name : `[${argument.name}]`;
}

function optionText(option: OptionSpec): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${option.name}${option.kind === 'flag' && option.counts !== true ? '' : ` ${option.value ?? 'VALUE'}`}`;
}

const options = (specs: readonly OptionSpec[], language: Language): readonly string[] =>
  listed(specs.map((spec) => [optionText(spec), say(spec.help, language)]));

/** The usage of the whole program, as lines. */
export function usage(language: Language): readonly string[] {
  const words = WORDS[language];
  return [
    `${words.usage}: ${PROGRAM} <command> [options]`,
    '',
    `${words.commands}:`,
    ...listed(COMMANDS.map((command) => [command.name, say(command.about, language)])),
    '',
    `${words.all}:`,
    ...options(GLOBAL_OPTIONS, language),
    '',
    `${words.more} ${PROGRAM} <command> --help`,
    words.secret,
    words.exit,
  ];
}

/** The usage of one command, as lines. */
export function commandUsage(command: CommandSpec, language: Language): readonly string[] {
  const words = WORDS[language];
  const own = command.options.length === 0 ? '' : ' [options]';
  const lines = [
    `${words.usage}: ${PROGRAM} ${[command.name, ...command.args.map(argumentText)].join(' ')}${own}`,
    '',
    say(command.about, language),
  ];
  if (command.args.length > 0) {
    lines.push('', `${words.args}:`, ...listed(command.args.map((one) => [one.name, say(one.help, language)])));
  }
  if (command.options.length > 0) lines.push('', `${words.options}:`, ...options(command.options, language));
  lines.push('', `${words.all}:`, ...options(GLOBAL_OPTIONS, language));
  return lines;
}
