import { parseArgs } from 'node:util';
import { appError, type AppError } from '../contract/errors.ts';
import type { Bilingual } from '../contract/text.ts';
import { COMMANDS, GLOBAL_OPTIONS, type CommandSpec, type OptionSpec } from './commands.ts';
import { nearest } from './nearest.ts';
import { PROGRAM } from './usage.ts';

/** A command as a person gave it, checked against its table. */
export class Invocation {
  readonly command: CommandSpec;
  readonly #options: ReadonlyMap<string, readonly string[]>;
  readonly #args: readonly string[];

  constructor(command: CommandSpec, options: ReadonlyMap<string, readonly string[]>, args: readonly string[]) {
    this.command = command;
    this.#options = options;
    this.#args = args;
  }

  /** Whether an option was given. */
  flag(name: string): boolean {
    return this.#options.has(name);
  }

  /** The value of an option; the last one when it was given several times. */
  text(name: string): string | undefined {
    return this.#options.get(name)?.at(-1);
  }

  /** The value of an `integer` or `number` option. */
  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  /** All values of an option. */
  list(name: string): readonly string[] {
    return this.#options.get(name) ?? [];
  }

  /** The `field=value` pairs of an option. */
  pairs(name: string): Readonly<Record<string, string>> {
    return pairsOf(this.list(name));
  }

  /** An argument by its place in the command's table; '' when an optional one was left out. */
  arg(name: string): string {
    return this.#args[this.command.args.findIndex((one) => one.name === name)] ?? '';
  }

  /** The `field=value` arguments at the end. */
  argPairs(): Readonly<Record<string, string>> {
    const from = this.command.args.findIndex((one) => one.pairs === true);
    return from === -1 ? {} : pairsOf(this.#args.slice(from));
  }
}

export type Parsed =
  | { readonly kind: 'run'; readonly invocation: Invocation }
  | { readonly kind: 'help'; readonly command: CommandSpec | null }
  | { readonly kind: 'version' };

interface Token {
  /** Where it stands on the command line. */
  readonly at: number;
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inline: boolean;
}

/** A word that is no option. */
interface Word {
  readonly at: number;
  readonly text: string;
}

/**
 * Takes the number behind a `--yes` for its value where the command has more words than it takes: `resume 7 --yes 250`. In `resume --yes 7` the
 * number is the job's.
 */
function withCounts(
  command: CommandSpec,
  options: readonly Token[],
  words: readonly Word[],
): { readonly options: readonly Token[]; readonly words: readonly Word[] } {
  const takes = command.name.split(' ').length + command.args.length;
  const yes = options.find(({ name, value }) => name === 'yes' && value === undefined);
  const counts = command.options.some(({ name, counts: takesCount }) => name === 'yes' && takesCount === true);
  const count = words.find(({ at, text }) => yes !== undefined && at === yes.at + 1 && /^\d+$/u.test(text));
  if (!counts || yes === undefined || count === undefined || words.length <= takes) return { options, words };
  return {
    options: options.map((one) => (one === yes ? { ...one, value: count.text } : one)),
    words: words.filter((word) => word !== count),
  };
}

/** Where a person reads more: the usage of the command, or of the program. */
function seeUsage(command: CommandSpec | null): Bilingual {
  const line = `${PROGRAM} ${command === null ? '' : `${command.name} `}--help`;
  return { zh: `用法见：${line}`, en: `See the usage: ${line}` };
}

function wrong(zh: string, en: string, command: CommandSpec | null, remedy: Bilingual = seeUsage(command)): AppError {
  return appError('USAGE', { zh, en }, remedy);
}

/** Names under which someone might try to pass a secret; compared without case and marks. */
const SECRET_NAME = /secret|passw|passphrase|token|signkey|privatekey|credential/u;
const looksSecret = (name: string): boolean => SECRET_NAME.test(name.toLowerCase().replaceAll(/[-_.\s]/gu, ''));

function secretRefused(name: string): AppError {
  return appError(
    'USAGE',
    {
      zh: `密钥不能写在命令行上（${name})：其他程序和命令历史都能看到它。`,
      en: `A secret may not stand on the command line (${name}): other programs and the shell's history can read it there.`,
    },
    {
      zh: '请去掉它，在隐藏的提示中输入，或用 --secrets-stdin 从标准输入读取。若刚才输入的是真的密钥，请清除命令历史，必要时更换密钥。',
      en: 'Leave it out and type it at the hidden prompt, or pipe it in with --secrets-stdin. If it was a real one, clear the shell’s history and, to be safe, replace the secret.',
    },
  );
}

const ALL_OPTIONS = new Map(
  [...GLOBAL_OPTIONS, ...COMMANDS.flatMap((command) => command.options)].map((spec) => [spec.name, spec]),
);

/** Splits argv into options and the rest, with Node's own reader; names and values are checked later, with better words. */
function tokensOf(argv: readonly string[]): { readonly options: readonly Token[]; readonly rest: readonly Word[] } {
  const config: Record<string, { type: 'string' | 'boolean'; short?: string; multiple: true }> = {};
  for (const { name, kind, short } of ALL_OPTIONS.values()) {
    config[name] = {
      type: kind === 'flag' ? 'boolean' : 'string',
      multiple: true,
      ...(short === undefined ? {} : { short }),
    };
  }
  const { tokens } = parseArgs({
    args: [...argv],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options: Token[] = [];
  const rest: Word[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push({ at: token.index, text: token.value });
    else if (token.kind === 'option') {
      options.push({
        at: token.index,
        name: token.name,
        rawName: token.rawName,
        value: token.value,
        inline: token.inlineValue === true,
      });
    }
  }
  return { options, rest };
}

/** The command that the first words name, and the words after it. Null when there are no words. */
function commandOf(
  words: readonly string[],
): { readonly command: CommandSpec; readonly args: readonly string[] } | null {
  const [first, second] = words;
  if (first === undefined) return null;
  for (const length of [2, 1]) {
    const command = COMMANDS.find((one) => one.name === words.slice(0, length).join(' '));
    if (command !== undefined) return { command, args: words.slice(length) };
  }
  const group = COMMANDS.filter((one) => one.name.startsWith(`${first} `)).map((one) =>
    one.name.slice(first.length + 1),
  );
  if (group.length > 0) {
    const guess = second === undefined ? undefined : nearest(second, group);
    throw wrong(
      `${first} 需要一个子命令：${group.join('、')}。${guess === undefined ? '' : `您是想用 ${guess} 吗？`}`,
      `${first} needs one of: ${group.join(', ')}.${guess === undefined ? '' : ` Did you mean ${guess}?`}`,
      null,
    );
  }
  const guess = nearest(first, [...new Set(COMMANDS.map((one) => one.name.split(' ')[0] ?? ''))]);
  throw wrong(
    `没有这个命令：${first}。${guess === undefined ? '' : `您是想用 ${guess} 吗？`}`,
    `There is no command ${first}.${guess === undefined ? '' : ` Did you mean ${guess}?`}`,
    null,
  );
}

/** The option's value, checked against its kind. Words about a wrong value never repeat it: it may be a secret in the wrong place. */
function checkedValue(spec: OptionSpec, token: Token, command: CommandSpec | null): string {
  const { rawName, value } = token;
  if (spec.kind === 'flag') {
    if (value === undefined) return '';
    if (spec.counts === true && /^\d{1,9}$/u.test(value)) return value;
    if (spec.counts === true)
      throw wrong(`${rawName} 后面只能写行数。`, `${rawName} takes a number of rows alone.`, command);
    throw wrong(`${rawName} 不带值。`, `${rawName} takes no value.`, command);
  }
  if (value === undefined || value === '' || (!token.inline && value.length > 1 && value.startsWith('-'))) {
    throw wrong(`${rawName} 需要一个值。`, `${rawName} needs a value.`, command);
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw wrong(
      `${rawName} 的值只能是：${spec.choices.join('、')}。`,
      `${rawName} must be one of: ${spec.choices.join(', ')}.`,
      command,
    );
  }
  if (spec.kind === 'integer' && !/^[1-9]\d{0,8}$/u.test(value)) {
    throw wrong(`${rawName} 需要一个正整数。`, `${rawName} needs a whole number above 0.`, command);
  }
  if (spec.kind === 'number' && !(/^\d{1,6}(?:\.\d{1,6})?$/u.test(value) && Number(value) > 0)) {
    throw wrong(`${rawName} 需要一个大于 0 的数。`, `${rawName} needs a number above 0.`, command);
  }
  return value;
}

function checkedOptions(tokens: readonly Token[], command: CommandSpec | null): ReadonlyMap<string, readonly string[]> {
  const known = new Map([...GLOBAL_OPTIONS, ...(command?.options ?? [])].map((spec) => [spec.name, spec]));
  const options = new Map<string, readonly string[]>();
  for (const token of tokens) {
    const spec = known.get(token.name);
    if (spec === undefined) throw unknownOption(token, [...known.keys()], command);
    const value = checkedValue(spec, token, command);
    const before = options.get(spec.name) ?? [];
    if (spec.kind !== 'flag' && spec.kind !== 'list' && spec.kind !== 'pairs' && before.length > 0) {
      throw wrong(`${token.rawName} 只能给一次。`, `${token.rawName} may be given once only.`, command);
    }
    options.set(spec.name, [...before, value]);
    if (spec.kind === 'pairs') checkPairs(options.get(spec.name) ?? [], token.rawName, command);
  }
  return options;
}

function unknownOption(token: Token, known: readonly string[], command: CommandSpec | null): AppError {
  if (looksSecret(token.name)) return secretRefused(token.rawName);
  const guess = nearest(token.name, known);
  const of = command === null ? '' : `${command.name} `;
  return wrong(
    `${of}没有选项 ${token.rawName}。${guess === undefined ? '' : `您是想用 --${guess} 吗？`}`,
    `${of === '' ? 'There is' : `${of}has`} no option ${token.rawName}.${guess === undefined ? '' : ` Did you mean --${guess}?`}`,
    command,
  );
}

function pairsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

/** Each must be `field=value`, no field twice, and no field that holds a secret. */
function checkPairs(texts: readonly string[], where: string, command: CommandSpec | null): void {
  const seen = new Set<string>();
  for (const text of texts) {
    const field = text.slice(0, Math.max(0, text.indexOf('=')));
    if (field === '') throw wrong(`${where} 应写成 字段=值。`, `${where} must be written as field=value.`, command);
    if (looksSecret(field)) throw secretRefused(field);
    if (seen.has(field)) throw wrong(`字段 ${field} 给了两次。`, `The field ${field} is given twice.`, command);
    seen.add(field);
  }
}

/** Arguments are counted, not repeated: a secret may stand among them by mistake. */
function checkArgs(command: CommandSpec, args: readonly string[]): void {
  const missing = command.args.find((one, index) => one.required && (args[index] ?? '') === '');
  if (missing !== undefined) {
    throw wrong(
      `${command.name} 缺少 ${missing.name}(${missing.help.zh}）。`,
      `${command.name} needs ${missing.name}: ${missing.help.en}.`,
      command,
    );
  }
  const pairsFrom = command.args.findIndex((one) => one.pairs === true);
  if (pairsFrom !== -1) checkPairs(args.slice(pairsFrom), command.args[pairsFrom]?.name ?? '', command);
  else if (args.length > command.args.length) {
    throw wrong(
      `${command.name} 最多带 ${command.args.length} 个参数，但给了 ${args.length} 个。`,
      `${command.name} takes at most ${command.args.length} arguments, and ${args.length} were given.`,
      command,
    );
  }
}

/** The value of `--lang`, before anything is checked: the words of the errors depend on it. */
export function languageWish(argv: readonly string[]): string | undefined {
  return tokensOf(argv).options.find((token) => token.name === 'lang')?.value;
}

/**
 * Reads the command line (without node and script). Throws an AppError with code USAGE that names what is wrong and the nearest
 * right word, and never repeats a value.
 */
export function parse(argv: readonly string[]): Parsed {
  const { options: given, rest: words } = tokensOf(argv);
  const rest = words.map(({ text }) => text);
  let tokens = given;
  if (tokens.some((token) => token.name === 'version')) return { kind: 'version' };
  const help = tokens.some((token) => token.name === 'help');
  const [first] = rest;
  if (
    help &&
    (first === undefined || COMMANDS.every((one) => one.name !== rest.slice(0, 2).join(' ') && one.name !== first))
  ) {
    return { kind: 'help', command: null };
  }
  const named = commandOf(rest);
  if (named === null) {
    checkedOptions(tokens, null);
    return { kind: 'help', command: null };
  }
  const { command } = named;
  let { args } = named;
  const counted = withCounts(command, tokens, words);
  if (counted.words !== words) {
    tokens = counted.options;
    args = commandOf(counted.words.map(({ text }) => text))?.args ?? args;
  }
  if (help) return { kind: 'help', command };
  const options = checkedOptions(tokens, command);
  checkArgs(command, args);
  return { kind: 'run', invocation: new Invocation(command, options, args) };
}
