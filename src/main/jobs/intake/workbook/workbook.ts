import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../contract/errors.ts';
import { WORKBOOK_LIMITS, type WorkbookLimits } from './limits.ts';
import type { Answer, Task } from './messages.ts';
import { damagedWorkbook, excessiveWorkbook } from './refusals.ts';
import type { SheetRow } from './sheet.ts';

/** A sheet as a person chooses it. */
export interface WorkbookSheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Rows with something in them, the header's counted; null when they were not counted. */
  readonly rows: number | null;
  /** How many of them the spreadsheet does not show (hidden, or filtered out). */
  readonly hiddenRows: number | null;
}

/** What is known of a workbook from its first look. */
export interface WorkbookLook {
  readonly sheets: readonly WorkbookSheet[];
  /** The chosen sheet, and its first rows. */
  readonly sheet: string;
  readonly head: readonly SheetRow[];
}

export interface WorkbookOptions {
  readonly limits?: WorkbookLimits;
}

/** Batches that are asked for before the last one is used, so that reader and user both work. */
const AHEAD = 2;

/** The thread's entry: the source beside this file, or what it was built to, beside the program. */
export function threadEntry(here: string = import.meta.url): URL {
  if (here.endsWith('.ts')) return new URL('./thread.ts', here);
  return new URL(/\/chunks\/[^/]*$/u.test(here) ? '../workbook-worker.js' : './workbook-worker.js', here);
}

type Failure = (error: Error) => void;

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: Failure;
}

/** A thread with limits that reads one file; it is ended with `close`, and by itself when a limit is broken. */
class ReadingThread {
  readonly #worker: Worker;
  readonly #file: string;
  readonly #limits: WorkbookLimits;
  readonly #answers: Answer[] = [];
  #waiting: Waiter | null = null;
  #failure: Error | null = null;

  constructor(task: Task) {
    this.#file = task.file;
    this.#limits = task.limits;
    this.#worker = new Worker(threadEntry(), {
      workerData: task,
      name: 'workbook',
      resourceLimits: {
        maxOldGenerationSizeMb: task.limits.heapMegabytes,
        maxYoungGenerationSizeMb: Math.min(32, task.limits.heapMegabytes),
      },
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error: Error) => this.#fail(this.#died(error)));
    this.#worker.on('exit', (code) => this.#fail(this.#died(`the thread ended with ${code}`)));
  }

  /** Asks for the next batch. */
  ask(): void {
    this.#worker.postMessage('next');
  }

  /** The next answer; an error of the thread's is thrown. */
  async answer(): Promise<Exclude<Answer, { kind: 'error' }>> {
    const answer = this.#answers.shift() ?? (await this.#wait());
    if (answer.kind !== 'error') return answer;
    const { code, text, data, cause } = answer;
    throw new AppError(code, text, { data, ...(cause === '' ? {} : { cause }) });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #wait(): Promise<Answer> {
    if (this.#failure !== null) throw this.#failure;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        timer = setTimeout(() => this.#fail(this.#tooSlow()), this.#limits.answerMs);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever waits, for one answer alone: the next one may come before they have gone on. */
  #waiter(): Waiter | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  #take(answer: Answer): void {
    const waiting = this.#waiter();
    if (waiting === null) this.#answers.push(answer);
    else waiting.resolve(answer);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiter()?.reject(error);
    void this.#worker.terminate();
  }

  #tooSlow(): Error {
    return excessiveWorkbook(this.#file, {
      zh: `读取超过 ${Math.round(this.#limits.answerMs / 1000)} 秒没有进展`,
      en: `reading it made no progress for ${Math.round(this.#limits.answerMs / 1000)} s`,
    });
  }

  #died(cause: Error | string): Error {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return excessiveWorkbook(this.#file, {
        zh: `读取需要超过 ${this.#limits.heapMegabytes} MB 内存`,
        en: `reading it takes more than ${this.#limits.heapMegabytes} MB of memory`,
      });
    }
    const { code, text, data } = damagedWorkbook(this.#file, {
      zh: '读取意外中断',
      en: 'reading it ended unexpectedly',
    });
    return new AppError(code, text, { data, cause });
  }
}

/**
 * Looks at a workbook: its sheets, and the first rows of the one that is asked for or of the first visible one with something in it. With
 * `counts` every sheet is read through. Throws INTAKE_MALFORMED (no workbook, damaged, encrypted, beyond a limit) and INTAKE_EMPTY.
 */
export async function lookIntoWorkbook(
  path: string,
  file: string,
  wanted: { readonly sheet: string | null; readonly counts: boolean },
  { limits = WORKBOOK_LIMITS }: WorkbookOptions = {},
): Promise<WorkbookLook> {
  const thread = new ReadingThread({ kind: 'look', path, file, limits, ...wanted });
  try {
    const look = await thread.answer();
    const counted = wanted.counts ? await thread.answer() : null;
    if (look.kind !== 'look') throw new TypeError(`an unexpected answer: ${look.kind}`);
    const counts = counted?.kind === 'counts' ? counted.counts : [];
    return {
      sheet: look.sheet,
      head: look.head,
      sheets: look.sheets.map((sheet, index) => ({
        ...sheet,
        rows: counts[index]?.filled ?? null,
        hiddenRows: counts[index]?.hidden ?? null,
      })),
    };
  } finally {
    await thread.close();
  }
}

/** How a sheet's reading ended. */
export interface SheetEnd {
  /** Of the file's bytes, hex. */
  readonly sha256: string;
  readonly hiddenRows: number;
}

/** All rows of a sheet, in batches as they are read, never far ahead of their user. Throws as the look does, and FILE_UNREADABLE. */
export async function* sheetRows(
  path: string,
  file: string,
  sheet: string,
  onEnd: (end: SheetEnd) => void,
  { limits = WORKBOOK_LIMITS }: WorkbookOptions = {},
): AsyncGenerator<SheetRow[]> {
  const thread = new ReadingThread({ kind: 'rows', path, file, sheet, counts: false, limits });
  try {
    for (let asked = 0; asked < AHEAD; asked += 1) thread.ask();
    for (;;) {
      const answer = await thread.answer();
      if (answer.kind === 'end') {
        onEnd({ sha256: answer.sha256, hiddenRows: answer.hidden });
        return;
      }
      if (answer.kind !== 'rows') throw new TypeError(`an unexpected answer: ${answer.kind}`);
      thread.ask();
      yield answer.rows;
    }
  } finally {
    await thread.close();
  }
}
