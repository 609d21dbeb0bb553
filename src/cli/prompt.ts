import { StringDecoder } from 'node:string_decoder';
import { appError } from '../contract/errors.ts';
import { say, type Bilingual, type Language } from '../contract/text.ts';
import { Interrupted } from './exit.ts';
import type { Output } from './terminal.ts';

/** A terminal's keyboard: `process.stdin` is one, and so is a test's. */
export interface Keyboard {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ESCAPE = '\u001B';
const ERASE = new Set(['\b', '\u007F']);
const PASTE_MARKS: readonly string[] = ['[200~', '[201~'];
/** A key's escape sequence after the escape itself: arrows, function keys, paste marks. */
const SEQUENCE = /^(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])/u;

/** One line as it is typed: takes letters, gives what is on it. */
class Line {
  letters: string[] = [];
  #escape: string | null = null;

  /** Takes one letter; answers how the line stands after it. */
  take(letter: string): 'more' | 'done' | 'stopped' {
    if (this.#escape !== null) {
      this.#escape += letter;
      // Twenty letters are no key; an escape is not left to swallow the rest of the line.
      if (SEQUENCE.test(this.#escape) || this.#escape.length > 20) this.#escape = null;
      return 'more';
    }
    if (letter === '\r' || letter === '\n') return 'done';
    if (letter === CTRL_C || (letter === CTRL_D && this.letters.length === 0)) return 'stopped';
    if (letter === ESCAPE) this.#escape = '';
    else if (letter === CTRL_U) this.letters = [];
    else if (ERASE.has(letter)) this.letters.pop();
    else if (letter >= ' ') this.letters.push(letter);
    return 'more';
  }
}

/** Questions to the person at the keyboard. Asks on stderr, so that stdout stays the command's own. */
export class Prompter {
  readonly #keyboard: Keyboard;
  readonly #output: Output;
  readonly #language: Language;
  /** Letters that came after a line's end: a paste of several lines answers several questions. */
  #ahead: string[] = [];

  constructor(keyboard: Keyboard, output: Output, language: Language) {
    this.#keyboard = keyboard;
    this.#output = output;
    this.#language = language;
  }

  /** Whether a person can be asked. */
  get available(): boolean {
    return this.#keyboard.isTTY === true && this.#keyboard.setRawMode !== undefined;
  }

  /**
   * Asks for a secret; nothing of it is shown, but its length afterwards, so that half a paste is noticed. Spaces around it are
   * dropped. Rejects with Interrupted on Ctrl-C, with USAGE when nobody can be asked.
   */
  async secret(question: Bilingual): Promise<string> {
    const secret = (await this.#ask(`${say(question, this.#language)}: `, false)).trim();
    const length = [...secret].length;
    this.#output.write(
      `${say({ zh: `（已读入 ${length} 个字符）`, en: `(${length} characters read)` }, this.#language)}\n`,
    );
    return secret;
  }

  /** Asks for a text that may be seen. */
  async text(question: Bilingual): Promise<string> {
    return (await this.#ask(`${say(question, this.#language)}: `, true)).trim();
  }

  /** Asks until the answer is yes or no; Enter alone means no. */
  async confirm(question: Bilingual): Promise<boolean> {
    for (;;) {
      const answer = (await this.#ask(`${say(question, this.#language)} [y/N] `, true)).trim().toLowerCase();
      if (['y', 'yes', '是', '好'].includes(answer)) return true;
      if (['', 'n', 'no', '否', '不'].includes(answer)) return false;
    }
  }

  #ask(question: string, echo: boolean): Promise<string> {
    if (!this.available) {
      return Promise.reject(
        appError(
          'USAGE',
          {
            zh: '需要您回答一个问题，但标准输入不是终端。',
            en: 'A question needs an answer, but stdin is no terminal.',
          },
          {
            zh: '请在终端中运行；确认可用 --yes，密钥可用 --secrets-stdin。',
            en: 'Run it in a terminal; --yes answers questions, and --secrets-stdin takes secrets from a pipe.',
          },
        ),
      );
    }
    this.#output.write(question);
    return this.#readLine(echo ? question : null);
  }

  /** Reads one line; `question` is written again before what is typed so far, null shows nothing of it. */
  #readLine(question: string | null): Promise<string> {
    const keyboard = this.#keyboard;
    const decoder = new StringDecoder('utf8');
    const line = new Line();
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        keyboard.off('data', onData);
        keyboard.off('end', onEnd);
        keyboard.setRawMode?.(false);
        keyboard.pause();
        this.#output.write('\n');
        end();
      };
      const onEnd = (): void => settle(() => reject(new Interrupted()));
      const take = (letters: readonly string[]): void => {
        for (const [index, letter] of letters.entries()) {
          const state = line.take(letter);
          if (state === 'more') continue;
          this.#ahead = state === 'done' ? afterLineEnd(letters, index) : [];
          settle(() => (state === 'done' ? resolve(line.letters.join('')) : reject(new Interrupted())));
          return;
        }
        if (question !== null) this.#output.write(`\r\u001B[2K${question}${line.letters.join('')}`);
      };
      const onData = (chunk: Buffer | string): void =>
        take([...(typeof chunk === 'string' ? chunk : decoder.write(chunk))]);

      keyboard.setRawMode?.(true);
      keyboard.on('data', onData);
      keyboard.on('end', onEnd);
      const ahead = this.#ahead;
      this.#ahead = [];
      keyboard.resume();
      if (ahead.length > 0) take(ahead);
    });
  }
}

/** The letters after a line's end; CR LF ends one line, and a paste's closing mark begins none. */
function afterLineEnd(letters: readonly string[], end: number): string[] {
  const rest = letters.slice(letters[end] === '\r' && letters[end + 1] === '\n' ? end + 2 : end + 1);
  const text = rest.join('');
  return PASTE_MARKS.some((mark) => text === ESCAPE + mark) ? [] : rest;
}

/** Most bytes of secrets on stdin: far above any real set, far below what would fill the memory. */
export const MOST_SECRET_BYTES = 64 * 1024;

function badSecrets(zh: string, en: string): Error {
  return appError(
    'USAGE',
    { zh: `从标准输入读取密钥失败：${zh}。`, en: `The secrets on stdin cannot be read: ${en}.` },
    {
      zh: '请给出一个 JSON 对象，如 {"appSecret":"…"}，或每行一个 字段=值。',
      en: 'Give one JSON object, such as {"appSecret":"…"}, or one field=value a line.',
    },
  );
}

/**
 * Reads secrets from a pipe for `--secrets-stdin`: one JSON object of texts, or lines of `field=value`. Only `fields` may be given,
 * each once. Throws USAGE in words that repeat nothing of the input.
 */
export async function secretsFromStdin(
  input: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean | undefined },
  fields: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (input.isTTY === true) {
    throw badSecrets(
      '标准输入是终端，输入会显示出来；请去掉 --secrets-stdin，在隐藏的提示中输入',
      'stdin is a terminal, where they would be seen; leave --secrets-stdin out and type them at the hidden prompt',
    );
  }
  const text = await wholeText(input);
  const pairs = text.trimStart().startsWith('{') ? jsonPairs(text) : linePairs(text);
  const secrets = new Map<string, string>();
  for (const [field, value] of pairs) {
    const known = fields.join(', ');
    if (!fields.includes(field)) throw badSecrets(`有一个字段不是这些之一：${known}`, `a field is none of: ${known}`);
    if (secrets.has(field)) throw badSecrets(`字段 ${field} 给了两次`, `the field ${field} is given twice`);
    secrets.set(field, value);
  }
  return Object.fromEntries(secrets);
}

/** All of a pipe's text, at most `MOST_SECRET_BYTES`. */
export async function wholeText(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_SECRET_BYTES)
      throw badSecrets(`超过 ${MOST_SECRET_BYTES} 字节`, `they are longer than ${MOST_SECRET_BYTES} bytes`);
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badSecrets('不是 UTF-8 文本', 'they are not UTF-8 text');
  }
}

function jsonPairs(text: string): readonly (readonly [string, string])[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
    throw badSecrets('JSON 格式有误', 'the JSON is malformed');
  }
  return Object.entries(value as Record<string, unknown>).map(([field, one]) => {
    if (typeof one !== 'string')
      throw badSecrets('JSON 中的值必须是文本', 'every value of the JSON object must be a text');
    return [field, one];
  });
}

function linePairs(text: string): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/u).entries()) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    if (at < 1) throw badSecrets(`第 ${index + 1} 行不是 字段=值`, `line ${index + 1} is no field=value`);
    pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return pairs;
}
