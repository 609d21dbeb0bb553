import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/contract/errors.ts';
import { Interrupted } from '../../src/cli/exit.ts';
import { MOST_SECRET_BYTES, Prompter, secretsFromStdin } from '../../src/cli/prompt.ts';

class Keyboard extends PassThrough {
  isTTY = true;
  readonly raw: boolean[] = [];
  setRawMode(raw: boolean): this {
    this.raw.push(raw);
    return this;
  }
}

function desk(language: 'en' | 'zh-CN' = 'en'): { keyboard: Keyboard; shown: () => string; prompter: Prompter } {
  const keyboard = new Keyboard();
  let text = '';
  const output = { write: (more: string) => (text += more) };
  return { keyboard, shown: () => text, prompter: new Prompter(keyboard, output, language) };
}

const QUESTION = { zh: '密钥', en: 'Secret' };

/** What is read when these bytes are typed. */
async function typed(...chunks: (string | Buffer)[]): Promise<string> {
  const { keyboard, prompter } = desk();
  const answer = prompter.secret(QUESTION);
  for (const chunk of chunks) keyboard.write(chunk);
  return answer;
}

describe('a secret', () => {
  it('is read without being shown; its length is', async () => {
    const { keyboard, prompter, shown } = desk();
    const answer = prompter.secret(QUESTION);
    for (const key of ['s', '3', 'c', 'r', 'e', 't', '\r']) keyboard.write(key);
    expect(await answer).toBe('s3cret');
    expect(shown()).toBe('Secret: \n(6 characters read)\n');
    expect(keyboard.raw).toEqual([true, false]);
    expect(keyboard.listenerCount('data')).toBe(0);
    expect(keyboard.isPaused()).toBe(true);
  });

  it('asks in Chinese', async () => {
    const { keyboard, prompter, shown } = desk('zh-CN');
    const answer = prompter.secret(QUESTION);
    keyboard.write('密\n');
    await answer;
    expect(shown()).toBe('密钥: \n（已读入 1 个字符）\n');
  });

  it.each([
    ['backspace', ['ab\u007Fc\bd\r'], 'ad'],
    ['backspace on nothing', ['\u007F\u007Fa\r'], 'a'],
    ['backspace takes a whole character', ['a密\u007F👍\u007Fb\r'], 'ab'],
    ['Ctrl-U', ['wrong\u0015right\r'], 'right'],
    ['a pasted block', ['\u001B[200~pasted-secret\u001B[201~', '\r'], 'pasted-secret'],
    ['arrows and function keys', ['a\u001B[D\u001B[1;5Cb\u001BOPc\u001B[3~\r'], 'abc'],
    ['Alt with a letter', ['a\u001Bxb\r'], 'ab'],
    ['spaces around it', ['  a b \r'], 'a b'],
    ['other control keys', ['a\u0001\t\u0000b\r'], 'ab'],
    ['Ctrl-D on a line with something', ['ab\u0004c\r'], 'abc'],
    ['nothing', ['\r'], ''],
  ])('%s', async (_, chunks, expected) => {
    expect(await typed(...chunks)).toBe(expected);
  });

  it('puts characters together that come in pieces', async () => {
    const bytes = Buffer.from('密钥👍\r');
    expect(await typed(...[...bytes].map((byte) => Buffer.from([byte])))).toBe('密钥👍');
  });

  it.each([
    ['Ctrl-C', 'abc\u0003'],
    ['Ctrl-D on an empty line', '\u0004'],
  ])('%s stops it, and the terminal is as before', async (_, keys) => {
    const { keyboard, prompter } = desk();
    const answer = prompter.secret(QUESTION);
    keyboard.write(keys);
    await expect(answer).rejects.toBeInstanceOf(Interrupted);
    expect(keyboard.raw).toEqual([true, false]);
  });

  it('stops when the keyboard goes away', async () => {
    const { keyboard, prompter } = desk();
    const answer = prompter.secret(QUESTION);
    keyboard.end();
    await expect(answer).rejects.toBeInstanceOf(Interrupted);
  });

  it('pasted with the next answers is not lost to the following questions', async () => {
    const { keyboard, prompter } = desk();
    const first = prompter.secret(QUESTION);
    keyboard.write('one\r\ntwo\nthr');
    expect(await first).toBe('one');
    expect(await prompter.secret(QUESTION)).toBe('two');
    const third = prompter.secret(QUESTION);
    keyboard.write('ee\r');
    expect(await third).toBe('three');
  });

  it('pasted with its line end leaves nothing for the next question', async () => {
    const { keyboard, prompter } = desk();
    const first = prompter.secret(QUESTION);
    keyboard.write('\u001B[200~one\r\u001B[201~');
    expect(await first).toBe('one');
    const second = prompter.secret(QUESTION);
    keyboard.write('two\r');
    expect(await second).toBe('two');
  });

  it('cannot be asked for without a terminal, and says what to do', async () => {
    const { keyboard, prompter, shown } = desk();
    keyboard.isTTY = false;
    const error = (await prompter.secret(QUESTION).catch((caught: unknown) => caught)) as AppError;
    expect(error.code).toBe('USAGE');
    expect(error.say('en')).toContain('--secrets-stdin');
    expect(shown()).toBe('');
  });
});

describe('a text and a confirmation', () => {
  it('are shown as they are typed, after their question', async () => {
    const { keyboard, prompter, shown } = desk();
    const answer = prompter.text({ zh: '名称', en: 'Label' });
    for (const key of ['a', '店', '\u007F', '\r']) keyboard.write(key);
    expect(await answer).toBe('a');
    const rows = shown().split('\r\u001B[2K');
    expect(rows).toEqual(['Label: ', 'Label: a', 'Label: a店', 'Label: a\n']);
  });

  it.each([
    ['y\r', true],
    ['YES\r', true],
    ['是\r', true],
    ['n\r', false],
    ['否\r', false],
    ['\r', false],
    ['maybe\ry\r', true],
  ])('%j means %s', async (keys, expected) => {
    const { keyboard, prompter } = desk();
    const answer = prompter.confirm({ zh: '继续？', en: 'Go on?' });
    keyboard.write(keys);
    expect(await answer).toBe(expected);
  });
});

describe('secrets from a pipe', () => {
  const FIELDS = ['appSecret', 'signKey'];
  const read = (...chunks: (string | Buffer)[]): Promise<Readonly<Record<string, string>>> =>
    secretsFromStdin(Readable.from(chunks), FIELDS);

  it.each([
    ['JSON', ['{"appSecret":" a b ","signKey":"密"}'], { appSecret: ' a b ', signKey: '密' }],
    ['JSON with a mark and in pieces', ['\uFEFF {"appSe', 'cret":"x"}\n'], { appSecret: 'x' }],
    ['lines', ['appSecret=a=b==\r\n\n signKey = c \n'], { appSecret: 'a=b==', signKey: 'c' }],
    ['nothing', [''], {}],
    ['an empty value', ['appSecret='], { appSecret: '' }],
  ])('%s', async (_, chunks, expected) => {
    expect(await read(...chunks)).toEqual(expected);
  });

  it('puts characters together that come in pieces', async () => {
    const bytes = Buffer.from('signKey=密钥');
    expect(await read(bytes.subarray(0, 9), bytes.subarray(9))).toEqual({ signKey: '密钥' });
  });

  it.each([
    ['an unknown field', 'pLanted=5ecret', 'a field is none of: appSecret, signKey'],
    ['an unknown field in JSON', '{"pLanted":"5ecret"}', 'a field is none of'],
    ['a field twice', 'signKey=pLanted\nsignKey=5ecret', 'the field signKey is given twice'],
    ['a bare secret', '\npLanted5ecret', 'line 2 is no field=value'],
    ['a line without a field', '=pLanted', 'line 1 is no field=value'],
    ['malformed JSON', '{"signKey":"pLanted"', 'the JSON is malformed'],
    ['a number in JSON', '{"signKey":5}', 'every value of the JSON object must be a text'],
    ['bytes that are no UTF-8', Buffer.from([0x70, 0xff]), 'they are not UTF-8 text'],
  ])('%s is refused without repeating anything', async (_, input, says) => {
    const error = (await read(input).catch((caught: unknown) => caught)) as AppError;
    expect(error).toBeInstanceOf(AppError);
    expect(error.text.message.en).toBe(
      `The secrets on stdin cannot be read: ${says.endsWith('none of') ? `${says}: appSecret, signKey` : says}.`,
    );
    expect(`${error.say('en')}${error.say('zh-CN')}${error.stack ?? ''}`).not.toMatch(/pLanted|5ecret/u);
  });

  it('is read up to a bound', async () => {
    const head = 'signKey=';
    const most = head + 'x'.repeat(MOST_SECRET_BYTES - head.length);
    expect((await read(most)).signKey).toHaveLength(MOST_SECRET_BYTES - head.length);
    await expect(read(most, 'x')).rejects.toThrow('longer than 65536 bytes');
  });

  it('is not read from a terminal', async () => {
    const keyboard = new Keyboard();
    await expect(secretsFromStdin(keyboard, FIELDS)).rejects.toThrow('stdin is a terminal');
  });
});
