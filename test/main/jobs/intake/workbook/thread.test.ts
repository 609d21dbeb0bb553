import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { WORKBOOK_LIMITS } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import type { Answer, Task } from '../../../../../src/main/jobs/intake/workbook/messages.ts';
import { bookOf, compound, rowsOf, textCell, zipOf, type TestSheet } from '../../../../support/workbook.ts';
import { fileOf } from '../support.ts';
import { damaged, FILE, told } from './support.ts';

/**
 * Runs the thread's entry in this thread, at the other end of its port: what it says of a task until it ends. It is asked for `ahead` batches
 * at once, and for one more some time after each; before that it tells of errors alone.
 */
async function answersTo(task: Partial<Task>, onAnswer = (): void => {}, ahead = 1): Promise<readonly Answer[]> {
  const { port1, port2 } = new MessageChannel();
  const whole = { kind: 'look', path: '', file: FILE, sheet: null, counts: false, limits: WORKBOOK_LIMITS, ...task };
  vi.resetModules();
  vi.doMock('node:worker_threads', async (original) => ({
    ...(await original<object>()),
    parentPort: port2,
    workerData: whole,
  }));
  const answers: Answer[] = [];
  let asked = 0;
  let unasked = 0;
  const ask = (): void => {
    asked += 1;
    port1.postMessage('next');
  };
  const ended = new Promise<void>((resolve) => port1.once('close', () => resolve()));
  port1.on('message', (answer: Answer) => {
    answers.push(answer);
    if (answer.kind !== 'error') unasked = Math.max(unasked, answers.length - asked);
    onAnswer();
    if (answer.kind === 'rows') setTimeout(ask, 5);
  });
  for (let count = 0; count < ahead; count += 1) ask();
  await import('../../../../../src/main/jobs/intake/workbook/thread.ts');
  await ended;
  if (whole.kind === 'rows') expect(unasked).toBe(0);
  return answers;
}

const pathOf = (bytes: Buffer): string => fileOf(bytes, FILE).path;
const pathOfSheets = (...sheets: readonly TestSheet[]): string => pathOf(bookOf({ sheets }));
const look = (path: string, sheet: string | null = null, counts = false): Promise<readonly Answer[]> =>
  answersTo({ path, sheet, counts });
const linesOf = (answers: readonly Answer[]): readonly (readonly number[])[] =>
  answers.flatMap((answer) => (answer.kind === 'rows' ? [answer.rows.map(({ line }) => line)] : []));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** The one error among the answers, the last of them. */
function errorOf(answers: readonly Answer[]): Extract<Answer, { readonly kind: 'error' }> {
  const last = answers.at(-1);
  if (last?.kind !== 'error') throw new Error(`no error, but ${last?.kind ?? 'nothing'}`);
  return last;
}

/** So many rows of 300 letters each, so that some hundreds are more than one piece, and what stands behind them. */
const many = (count: number, tail = ''): string =>
  upTo(count)
    .map((line) => `<row r="${line}">${textCell(`A${line}`, 'x'.repeat(300))}</row>`)
    .join('') + tail;

describe('a look', () => {
  it.each([
    [1, 1],
    [59, 59],
    [60, 60],
    [61, 60],
    [2_000, 60],
  ])('at a sheet of %d rows shows %d', async (count, shown) => {
    const answers = await look(pathOfSheets({ name: 's', data: many(count) }));
    expect(answers).toMatchObject([{ kind: 'look', sheet: 's', sheets: [{ name: 's', hidden: false }] }]);
    const [first] = answers;
    expect(first?.kind === 'look' ? first.head.map(({ line }) => line) : []).toEqual(upTo(shown));
  });

  it('reads no more than it shows, unless rows are counted', async () => {
    const path = pathOfSheets({ name: 's', data: many(2_000, '<row r="1"/>') });
    expect((await look(path)).map(({ kind }) => kind)).toEqual(['look']);
    const counted = await look(path, null, true);
    expect(counted.map(({ kind }) => kind)).toEqual(['look', 'error']);
    expect(told(errorOf(counted))).toEqual(
      damaged('工作表“s”第 2000 行之后的行号不对', 'in sheet "s" the number of the row after row 2000 is wrong'),
    );
  });

  it('chooses the first sheet that is shown and has more than blanks in it, or the one that is asked for', async () => {
    const path = pathOfSheets(
      { name: 'none', data: '' },
      { name: 'blank', data: rowsOf([['  ', ''], [' ']]) },
      { name: 'secret', data: rowsOf([['z']]), state: 'hidden' },
      {
        name: 's',
        data: rowsOf([
          ['', ' '],
          ['', 'x'],
        ]),
      },
      { name: 'late', data: rowsOf([['x']]) },
    );
    expect(await look(path)).toEqual([
      {
        kind: 'look',
        sheet: 's',
        sheets: ['none', 'blank', 'secret', 's', 'late'].map((name) => ({ name, hidden: name === 'secret' })),
        head: [
          { line: 1, cells: ['', ' '], fault: null },
          { line: 2, cells: ['', 'x'], fault: null },
        ],
      },
    ]);
    expect(await look(path, 'secret')).toMatchObject([{ sheet: 'secret', head: [{ cells: ['z'] }] }]);
    expect(errorOf(await look(path, 'blank')).code).toBe('INTAKE_EMPTY');
  });

  it('counts the rows of every sheet, and those that are hidden, when that is wanted', async () => {
    const hidden = `<row r="1">${textCell('A1', 'x')}</row><row r="2" hidden="1">${textCell('A2', 'x')}</row><row r="5">${textCell('A5', 'x')}</row>`;
    const path = pathOfSheets(
      { name: 's', data: hidden },
      { name: 'none', data: '' },
      { name: 'secret', data: many(1_700), state: 'veryHidden' },
    );
    const counts = [
      { filled: 3, hidden: 1 },
      { filled: 0, hidden: 0 },
      { filled: 1_700, hidden: 0 },
    ];
    expect(await look(path, null, true)).toMatchObject([{ kind: 'look' }, { kind: 'counts', counts }]);
    expect(await look(path)).toMatchObject([{ kind: 'look' }]);
  });

  it('of nothing that is shown names the hidden sheets alone', async () => {
    const path = pathOfSheets(
      { name: 'none', data: '' },
      { name: 'a', data: '', state: 'hidden' },
      { name: 'b', data: rowsOf([['x']]), state: 'veryHidden' },
    );
    expect(await look(path)).toEqual([
      {
        kind: 'error',
        code: 'INTAKE_EMPTY',
        text: {
          message: { zh: `“${FILE}”的工作表都是空的`, en: `All sheets of "${FILE}" are empty.` },
          remedy: {
            zh: '请选择含有订单号的工作表或文件；隐藏的工作表：a、b',
            en: 'Choose a sheet or a file with order numbers. Hidden sheets: a, b.',
          },
        },
        data: { file: FILE },
        cause: '',
      },
    ]);
    const { text } = errorOf(await look(path, 'none'));
    expect(text.message.en).toBe(`Sheet "none" of "${FILE}" is empty.`);
    expect(text.remedy.en).toBe('Choose a sheet or a file with order numbers.');
  });

  it('of hidden sheets alone takes none', async () => {
    const path = pathOfSheets({ name: 'a', data: many(1), state: 'hidden' });
    const { code, text } = errorOf(await look(path));
    expect([code, text.remedy.en]).toEqual([
      'INTAKE_EMPTY',
      'Choose a sheet or a file with order numbers. Hidden sheets: a.',
    ]);
  });

  it('at a sheet that is not there names those that are', async () => {
    const path = pathOfSheets({ name: 's', data: many(1) }, { name: 't', data: '', state: 'hidden' });
    const { code, data, text } = errorOf(await look(path, 'S'));
    expect([code, data]).toEqual(['INTAKE_MALFORMED', { file: FILE, sheet: 'S' }]);
    expect(text.remedy).toEqual({ zh: '请从现有的工作表中选择：s、t', en: 'Choose one of its sheets: s, t.' });
  });

  it.each([
    ['a compound file', compound(['EncryptedPackage']), 'encrypted'],
    ['an archive', zipOf([{ name: 'a', content: 'x' }]), 'zip'],
    ['less than a sign', Buffer.from('d0cf11', 'hex'), 'damaged'],
    ['nothing', Buffer.alloc(0), 'damaged'],
  ])('at %s tells what it is', async (_name, bytes, seems) => {
    expect(errorOf(await look(pathOf(bytes))).data).toEqual({ file: FILE, seems });
  });

  it('tells why it could not read at all', async () => {
    for (const [path, code, zh, en] of [
      [tmpdir(), 'EISDIR', '这是一个文件夹', 'it is a folder'],
      [`${tmpdir()}/nowhere.xlsx`, 'ENOENT', '文件不存在', 'there is no such file'],
    ] as const) {
      const error = errorOf(await look(path));
      expect(told(error)).toEqual({
        code: 'FILE_UNREADABLE',
        data: { file: FILE, code },
        message: { zh: `无法读取“${FILE}”：${zh}`, en: `"${FILE}" cannot be read: ${en}.` },
      });
      expect(error.cause).toMatch(/^Error: E\w+: [^]*\n +at /u);
    }
  });
});

describe('the rows of a sheet', () => {
  const rowsIn = (path: string, onAnswer?: () => void, ahead?: number): Promise<readonly Answer[]> =>
    answersTo({ kind: 'rows', path, sheet: 's' }, onAnswer, ahead);

  it('come in order and once, with what the file was', async () => {
    // More than one piece of the file is taken for its checksum.
    const extra = [{ name: 'xl/media/a.png', content: randomBytes(600_000) }];
    const data = `<row r="1" hidden="1">${textCell('A1', 'x')}</row><row r="3">${textCell('A3', 'y')}</row>`;
    const path = pathOf(
      bookOf({
        sheets: [
          { name: 't', data: '' },
          { name: 's', data, state: 'hidden' },
        ],
        extra,
      }),
    );
    expect(await rowsIn(path)).toEqual([
      {
        kind: 'rows',
        rows: [
          { line: 1, cells: ['x'], fault: null },
          { line: 2, cells: [], fault: null },
          { line: 3, cells: ['y'], fault: null },
        ],
      },
      { kind: 'end', sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), hidden: 1 },
    ]);
  });

  it.each([
    [2_000, [2_000]],
    [2_001, [2_000, 1]],
    [4_500, [2_000, 2_000, 500]],
  ])('come by 2,000 at most, however wide the gaps between them: %d', async (last, sizes) => {
    const data = `<row r="1">${textCell('A1', 'x')}</row><row r="${last}">${textCell(`A${last}`, 'x')}</row>`;
    const lines = linesOf(await rowsIn(pathOfSheets({ name: 's', data })));
    expect(lines.map(({ length }) => length)).toEqual(sizes);
    expect(lines.flat()).toEqual(upTo(last));
  });

  it.each([1, 2, 9])('come when they are asked for, %d times at once', async (ahead) => {
    const path = pathOfSheets({ name: 's', data: many(1_200) });
    const answers = await rowsIn(path, undefined, ahead);
    expect(linesOf(answers).flat()).toEqual(upTo(1_200));
    expect(answers.at(-1)?.kind).toBe('end');
  });

  it('are none of an empty sheet', async () => {
    expect((await rowsIn(pathOfSheets({ name: 's', data: '' }))).map(({ kind }) => kind)).toEqual(['end']);
  });

  it('are told as far as they can be read', async () => {
    const answers = await rowsIn(pathOfSheets({ name: 's', data: many(2_000, '<row r="1"/>') }));
    expect(answers.length).toBeGreaterThan(1);
    expect(errorOf(answers).data).toEqual({ file: FILE, seems: 'damaged' });
  });

  const CHANGED = {
    code: 'FILE_UNREADABLE',
    data: { file: FILE },
    message: { zh: `“${FILE}”在读取时被改动了`, en: `"${FILE}" was changed while it was read.` },
  };

  it('are refused when their sheet has gone since the look', async () => {
    expect(told(errorOf(await rowsIn(pathOfSheets({ name: 'S', data: many(1) }))))).toEqual(CHANGED);
  });

  it.each([
    ['written anew, as long as it was', (path: string) => utimesSync(path, 1, 1)],
    [
      'made longer in no time',
      (path: string) => {
        appendFileSync(path, 'x');
        utimesSync(path, 1_000, 1_000);
      },
    ],
  ])('are refused at their end when the file was %s', async (_name, change) => {
    const path = pathOfSheets({ name: 's', data: many(2_000) });
    utimesSync(path, 1_000, 1_000);
    let answers = 0;
    const all = await rowsIn(path, () => {
      if ((answers += 1) === 1) change(path);
    });
    expect(linesOf(all).flat()).toEqual(upTo(2_000));
    expect(told(errorOf(all))).toEqual(CHANGED);
  });
});

it('runs as a thread alone', async () => {
  vi.resetModules();
  vi.doMock('node:worker_threads', async (original) => ({ ...(await original<object>()), parentPort: null }));
  await expect(import('../../../../../src/main/jobs/intake/workbook/thread.ts')).rejects.toThrow(
    new Error('thread.ts runs as a worker thread'),
  );
});
