import { afterEach, describe, expect, it, vi } from 'vitest';
import { WORKBOOK_LIMITS } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import type { Answer } from '../../../../../src/main/jobs/intake/workbook/messages.ts';
import {
  lookIntoWorkbook,
  sheetRows,
  type SheetEnd,
  type WorkbookLook,
} from '../../../../../src/main/jobs/intake/workbook/workbook.ts';
import { failure } from '../support.ts';
import { damaged, excessive, FILE, told } from './support.ts';

type Word = readonly ['message', Answer] | readonly ['exit', number] | readonly ['error', Error];

/** What the next thread says, and what was wanted of the last ones. */
interface Thread {
  words: readonly Word[];
  options: unknown;
  asked: number;
  ended: number;
}
const thread = vi.hoisted((): Thread => ({ words: [], options: null, asked: 0, ended: 0 }));

/** A thread whose answers and end come in one turn, as those of a quick one may. */
vi.mock('node:worker_threads', async (original) => {
  const { EventEmitter } = await import('node:events');
  class QuickThread extends EventEmitter {
    constructor(_entry: URL, options: unknown) {
      super();
      thread.options = options;
      const { words } = thread;
      setImmediate(() => {
        for (const [kind, what] of words) this.emit(kind, what);
      });
    }

    postMessage(): void {
      thread.asked += 1;
    }

    async terminate(): Promise<number> {
      thread.ended += 1;
      return 0;
    }
  }
  return { ...(await original<object>()), Worker: QuickThread };
});

afterEach(() => {
  Object.assign(thread, { words: [], options: null, asked: 0, ended: 0 });
});

const SHEETS = [{ name: 's', hidden: false }];
const LOOK: Word = ['message', { kind: 'look', sheets: SHEETS, sheet: 's', head: [] }];
const ROWS: Word = ['message', { kind: 'rows', rows: [{ line: 1, cells: ['x'], fault: null }] }];
const END: Word = ['message', { kind: 'end', sha256: 'abc', hidden: 2 }];

function look(counts: boolean, words: readonly Word[], heapMegabytes = 320): Promise<WorkbookLook> {
  thread.words = [...words];
  const limits = { ...WORKBOOK_LIMITS, heapMegabytes, answerMs: 5_000 };
  return lookIntoWorkbook('/nowhere', FILE, { sheet: null, counts }, { limits });
}

async function read(words: readonly Word[]): Promise<{ readonly lines: number[]; readonly end: SheetEnd | null }> {
  thread.words = [...words];
  const lines: number[] = [];
  const ends: SheetEnd[] = [];
  for await (const rows of sheetRows('/nowhere', FILE, 's', (end) => ends.push(end)))
    lines.push(...rows.map(({ line }) => line));
  return { lines, end: ends[0] ?? null };
}

describe('a thread that has ended before its first answer was read', () => {
  it('has every answer taken', async () => {
    const counts: Word = ['message', { kind: 'counts', counts: [{ filled: 3, hidden: 1 }] }];
    expect((await look(true, [LOOK, counts, ['exit', 0]])).sheets).toEqual([
      { name: 's', hidden: false, rows: 3, hiddenRows: 1 },
    ]);
    expect((await look(false, [LOOK, ['exit', 0]])).sheets).toEqual([
      { name: 's', hidden: false, rows: null, hiddenRows: null },
    ]);
    expect(thread.ended).toBeGreaterThan(0);
  });

  it('has every batch taken, and is asked for two ahead and one for each', async () => {
    expect(await read([ROWS, ROWS, ROWS, END, ['exit', 0]])).toEqual({
      lines: [1, 1, 1],
      end: { sha256: 'abc', hiddenRows: 2 },
    });
    expect(thread.asked).toBe(5);
    expect(thread.ended).toBeGreaterThan(0);
  });
});

describe('a thread that fails', () => {
  const BROKEN = damaged('读取意外中断', 'reading it ended unexpectedly');
  const crash = new Error('crash');
  const other = Object.assign(new Error('other'), { code: 'ERR_OTHER' });
  const memory = Object.assign(new Error('memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });

  it.each<[string, readonly Word[], unknown]>([
    ['by ending without a word', [['exit', 3]], 'the thread ended with 3'],
    [
      'by an error',
      [
        ['error', crash],
        ['exit', 1],
      ],
      crash,
    ],
    [
      'by an error of another kind',
      [
        ['error', other],
        ['exit', 1],
      ],
      other,
    ],
    ['between two answers', [LOOK, ['exit', 1]], 'the thread ended with 1'],
  ])('%s is a damaged workbook', async (_name, words, cause) => {
    const error = await failure(() => look(true, words));
    expect(told(error)).toEqual(BROKEN);
    expect(error.cause).toBe(cause);
    expect(thread.ended).toBeGreaterThan(0);
  });

  it('in the midst of its rows has those before taken', async () => {
    thread.words = [ROWS, ['exit', 1]];
    let batches = 0;
    const error = await failure(async () => {
      for await (const rows of sheetRows('/nowhere', FILE, 's', () => {})) batches += rows.length;
    });
    expect(told(error)).toEqual(BROKEN);
    expect(batches).toBe(1);
  });

  it('for want of memory is one beyond the limits', async () => {
    const error = await failure(() =>
      look(
        false,
        [
          ['error', memory],
          ['exit', 1],
        ],
        8,
      ),
    );
    expect(told(error)).toEqual(excessive('读取需要超过 8 MB 内存', 'reading it takes more than 8 MB of memory'));
  });

  it('to say anything in time is one beyond the limits, too', async () => {
    const limits = { ...WORKBOOK_LIMITS, answerMs: 1 };
    const error = await failure(() => lookIntoWorkbook('/nowhere', FILE, { sheet: null, counts: false }, { limits }));
    expect(told(error)).toEqual(excessive('读取超过 0 秒没有进展', 'reading it made no progress for 0 s'));
    expect(thread.ended).toBeGreaterThan(0);
  });

  it.each([
    ['', undefined],
    ['why', 'why'],
  ])('with an error of its own hands it on: %j', async (cause, told) => {
    const text = { message: { zh: '空', en: 'empty' }, remedy: { zh: '换', en: 'another' } };
    const answer: Answer = { kind: 'error', code: 'INTAKE_EMPTY', text, data: { file: FILE, line: 7 }, cause };
    const error = await failure(() =>
      look(false, [
        ['message', answer],
        ['exit', 0],
      ]),
    );
    expect(error).toMatchObject({ code: 'INTAKE_EMPTY', text, data: { file: FILE, line: 7 } });
    expect(error.cause).toBe(told);
  });

  it('by saying what was not asked is a mistake of ours', async () => {
    await expect(look(false, [END])).rejects.toThrow(new TypeError('an unexpected answer: end'));
    await expect(read([LOOK])).rejects.toThrow(new TypeError('an unexpected answer: look'));
    expect(thread.ended).toBe(2);
  });
});

describe('a thread', () => {
  it.each([
    [8, 8],
    [32, 32],
    [320, 32],
  ])('may take %d MB, of which %d MB for what is young', async (heap, young) => {
    await look(false, [LOOK], heap);
    expect(thread.options).toMatchObject({
      resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: young },
    });
  });

  it('is told its task, and says nothing on the terminal', async () => {
    const quiet = { stdout: true, stderr: true };
    await look(true, [LOOK, ['message', { kind: 'counts', counts: [] }]]);
    const limits = { ...WORKBOOK_LIMITS, answerMs: 5_000 };
    const task = { path: '/nowhere', file: FILE, limits };
    expect(thread.options).toMatchObject({
      ...quiet,
      workerData: { ...task, kind: 'look', sheet: null, counts: true },
    });
    await read([END]);
    expect(thread.options).toMatchObject({
      ...quiet,
      workerData: { ...task, kind: 'rows', sheet: 's', counts: false, limits: WORKBOOK_LIMITS },
    });
  });
});
