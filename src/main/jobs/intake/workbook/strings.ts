import type { WorkbookLimits } from './limits.ts';
import { excessiveWorkbook } from './refusals.ts';
import type { XmlHandler } from './xml.ts';

/** Characters that one block holds: few objects for the collector, and no block that keeps the XML around it alive. */
const BLOCK_CHARS = 64 * 1024;

/** The texts that a workbook's cells share, kept as blocks of joined text and the places where each begins. */
export class SharedStrings {
  readonly #blocks: string[] = [];
  /** Where each text begins, counted over all blocks, and which block it is in. */
  #starts = new Uint32Array(1024);
  #block = new Uint16Array(1024);
  #count = 0;
  #chars = 0;
  #blockStart = 0;
  #pending: string[] = [];
  #pendingChars = 0;

  get count(): number {
    return this.#count;
  }

  get chars(): number {
    return this.#chars;
  }

  add(text: string): void {
    if (this.#count + 1 >= this.#starts.length) this.#grow();
    this.#starts[this.#count] = this.#chars;
    this.#block[this.#count] = this.#blocks.length;
    this.#count += 1;
    this.#pending.push(text);
    this.#chars += text.length;
    this.#pendingChars += text.length;
    // The next begins where this one ends, unless a new block begins with it.
    this.#starts[this.#count] = this.#chars;
    if (this.#pendingChars >= BLOCK_CHARS) this.#endBlock();
  }

  end(): void {
    if (this.#pending.length > 0) this.#endBlock();
  }

  /** The text of this number; null when there is none. */
  at(index: number): string | null {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return null;
    const number = this.#block[index] ?? 0;
    const start = (this.#starts[index] ?? 0) - (this.#blockStarts[number] ?? 0);
    const end = (this.#starts[index + 1] ?? 0) - (this.#blockStarts[number] ?? 0);
    return (this.#blocks[number] ?? '').slice(start, end);
  }

  readonly #blockStarts: number[] = [];

  #endBlock(): void {
    this.#blocks.push(this.#pending.join(''));
    this.#blockStarts.push(this.#blockStart);
    this.#blockStart = this.#chars;
    this.#pending = [];
    this.#pendingChars = 0;
  }

  #grow(): void {
    const starts = new Uint32Array(this.#starts.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
    const block = new Uint16Array(this.#block.length * 2);
    block.set(this.#block);
    this.#block = block;
  }
}

/** Excel's way to write characters that XML cannot hold: `_x000D_`. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9a-f]{4})_/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Collects the text of one string item: its runs joined, phonetic hints left out. */
export class RichText {
  #text = '';
  #inText = false;
  #inPhonetic = false;

  open(name: string): void {
    if (name === 'rPh') this.#inPhonetic = true;
    else if (name === 't' && !this.#inPhonetic) this.#inText = true;
  }

  close(name: string): void {
    if (name === 'rPh') this.#inPhonetic = false;
    else if (name === 't') this.#inText = false;
  }

  /** Adds a text; answers how long all of it is by now. */
  add(text: string): number {
    if (this.#inText) this.#text += text;
    return this.#text.length;
  }

  take(): string {
    const text = unescaped(this.#text);
    this.#text = '';
    this.#inText = false;
    this.#inPhonetic = false;
    return text;
  }
}

/** Reads `sharedStrings.xml`. */
export class SharedStringsHandler implements XmlHandler {
  readonly strings = new SharedStrings();
  readonly #file: string;
  readonly #limits: WorkbookLimits;
  readonly #item = new RichText();
  #inItem = false;

  constructor(file: string, limits: WorkbookLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  open(name: string): void {
    if (name === 'si') this.#inItem = true;
    else if (this.#inItem) this.#item.open(name);
  }

  close(name: string): void {
    if (name !== 'si') {
      this.#item.close(name);
      return;
    }
    this.#inItem = false;
    this.strings.add(this.#item.take());
    const { count, chars } = this.strings;
    const { sharedStrings, sharedChars } = this.#limits;
    if (count > sharedStrings || chars > sharedChars) {
      throw excessiveWorkbook(this.#file, {
        zh: `共享文字超过 ${sharedStrings} 条或 ${sharedChars} 个字符`,
        en: `its shared texts are more than ${sharedStrings}, or longer than ${sharedChars} characters`,
      });
    }
  }

  text(text: string): void {
    if (!this.#inItem || this.#item.add(text) <= this.#limits.cellChars) return;
    throw excessiveWorkbook(this.#file, {
      zh: `有一个单元格超过 ${this.#limits.cellChars} 个字符`,
      en: `one of its cells has more than ${this.#limits.cellChars} characters`,
    });
  }
}
