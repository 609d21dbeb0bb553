import type { Bilingual } from '../../contract/text.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import { shanghaiMs, shanghaiTime } from '../vendors/shared/time.ts';
import type { LookupPage, PagesPlan, Settings, Values } from '../vendors/types.ts';
import { Cuts, halvesOf, widthOf, type Span } from './cuts.ts';
import { drain } from './lanes.ts';
import { partsMissing, type MissingPart, type Reader, type ReaderIo } from './reader.ts';
import { WindowReading, type WindowIo } from './window.ts';

/** A window that has moved so often is cut in two, where its span can be; one that cannot be cut is given up after so many. */
const MOVES_TO_CUT = 2;
const MOST_MOVES = 6;
/** A window is not cut for having moved when it is no wider than this. */
const FINE_MS = 60_000;

const KEPT_MOVING: Bilingual = {
  zh: '读的时候订单一直在页与页之间移动，可能有漏',
  en: 'orders kept moving from page to page while it was read, so that some may have been passed over',
};

/** Reads a lookup in windows of time, each with its pages side by side, the newest first; or as one window where its form has no span. */
export class PageReader implements Reader {
  readonly notFound = [];
  readonly #plan: PagesPlan;
  readonly #params: Values;
  readonly #whole: Span | null;
  readonly #cuts: Cuts | null;
  /** Windows that were begun and are not read whole. */
  #open: WindowReading[] = [];
  /** Those of `#open` that could not be read, and those that moved too often. */
  #left = new Set<WindowReading>();
  #begun = false;
  #readMs = 0;
  #again = 0;
  /** The refusal of what lies too far back. */
  #tooOld: VendorFailure | null = null;

  constructor(plan: PagesPlan, params: Values, settings: Settings) {
    this.#plan = plan;
    this.#params = params;
    const { span } = plan;
    const fromMs = span === undefined ? undefined : shanghaiMs(params[span.begin] ?? '');
    const toMs = span === undefined ? undefined : shanghaiMs(params[span.end] ?? '');
    this.#whole = fromMs === undefined || toMs === undefined ? null : { fromMs, toMs };
    this.#cuts = this.#whole === null || span === undefined ? null : new Cuts(this.#whole, span.widestMs(settings));
  }

  get again(): number {
    return this.#again;
  }

  get share(): number | null {
    if (this.isWhole) return 1;
    const width = this.#whole === null ? 0 : widthOf(this.#whole);
    if (width === 0) return this.#open[0]?.share ?? 0;
    const open = this.#open.reduce((sum, one) => sum + one.share * (one.span === null ? 0 : widthOf(one.span)), 0);
    return Math.min(1, (this.#readMs + open) / width);
  }

  get missing(): readonly MissingPart[] {
    const parts = [...this.#left].flatMap((window) => this.#partsOf(window));
    const beyond = this.#cuts?.beyond ?? null;
    if (beyond !== null && this.#tooOld !== null) {
      parts.push({ name: nameOf(beyond), why: this.#tooOld.reading, failure: this.#tooOld });
    }
    return parts;
  }

  get isWhole(): boolean {
    const { beyond = null, isEmpty = true } = this.#cuts ?? {};
    return this.#begun && this.#open.length === 0 && isEmpty && beyond === null;
  }

  async read(io: ReaderIo): Promise<void> {
    const again = this.#begun;
    this.#begun = true;
    if (again) {
      this.#cuts?.lookBeyond();
      this.#tooOld = null;
    } else if (this.#cuts === null) this.#open.push(new WindowReading(this.#params, null));
    for (const window of this.#left) window.moves = 0;
    this.#left = new Set();
    const todo = [...this.#open];
    await drain(
      io.lanes,
      () => todo.shift() ?? this.#cut(),
      (window) => this.#window(io, window),
    );
  }

  #cut(): WindowReading | null {
    const span = this.#cuts?.next() ?? null;
    if (span === null) return null;
    const window = this.#windowOf(span);
    this.#open.push(window);
    return window;
  }

  #windowOf(span: Span): WindowReading {
    const fields = this.#plan.span;
    const ends =
      fields === undefined ? {} : { [fields.begin]: shanghaiTime(span.fromMs), [fields.end]: shanghaiTime(span.toMs) };
    return new WindowReading({ ...this.#params, ...ends }, span);
  }

  /** Reads one window until it is whole, cut up, or has to be left. */
  async #window(io: ReaderIo, window: WindowReading): Promise<void> {
    const own: WindowIo = {
      ask: (params, page) => io.ask(params, this.#plan.cursorOf(page)),
      take: (page) => io.take(page),
      keysOf: (page) => io.keysOf(page),
      outOfRange: (failure) => window.span !== null && io.outOfRange(failure),
    };
    for (;;) {
      const end = await window.read(own);
      if (end === 'out_of_range') return this.#refused(io, window);
      if (window.span !== null && window.isAnswered) this.#cuts?.accepted(window.span);
      if (end === 'missing') {
        this.#left.add(window);
        return;
      }
      if (end === 'whole') {
        this.#close(window);
        if (window.span !== null) this.#readMs += widthOf(window.span);
        return;
      }
      this.#again += 1;
      window.moves += 1;
      window.reset();
      if (this.#halve(window)) return;
      if (window.moves < MOST_MOVES) continue;
      this.#left.add(window);
      return;
    }
  }

  /** Cuts a window that keeps moving: a smaller one is read faster, and the part that stands still is read once. */
  #halve(window: WindowReading): boolean {
    const { span } = window;
    if (span === null || window.moves < MOVES_TO_CUT || widthOf(span) <= FINE_MS) return false;
    this.#close(window);
    this.#cuts?.putBack(halvesOf(span));
    return true;
  }

  async #refused(io: ReaderIo, window: WindowReading): Promise<void> {
    const { span, refusal } = window;
    if (span === null || refusal === null) return;
    const outcome = this.#cuts?.refused(span);
    if (outcome === 'never') await io.end(refusal);
    if (outcome === 'too_old') this.#tooOld = refusal;
    this.#close(window);
  }

  #close(window: WindowReading): void {
    this.#open = this.#open.filter((one) => one !== window);
  }

  #partsOf(window: WindowReading): MissingPart[] {
    const { missing, span } = window;
    const where = span === null ? null : nameOf(span);
    if (missing.length === 0) {
      return [{ name: where ?? { zh: '查询结果', en: 'The result' }, why: KEPT_MOVING, failure: null }];
    }
    return missing.map(({ page, why, failure }) => ({
      name: {
        zh: `${where === null ? '' : `${where.zh} `}第 ${page} 页`,
        en: where === null ? `Page ${page}` : `Page ${page} of ${where.en}`,
      },
      why,
      failure,
    }));
  }

  /** Of a lookup that was cut, a page speaks for its window alone. */
  totalRows(page: LookupPage): number | undefined {
    return this.#isOne ? page.totalRows : undefined;
  }

  totalPages(page: LookupPage): number | undefined {
    return this.#isOne ? page.totalPages : undefined;
  }

  get #isOne(): boolean {
    return (
      this.#whole === null ||
      (this.#open.length === 1 &&
        this.#open[0]?.span?.fromMs === this.#whole.fromMs &&
        this.#open[0].span.toMs === this.#whole.toMs)
    );
  }

  whyIncomplete(): Bilingual {
    return partsMissing(this.missing);
  }
}

/** A window's times as the vendor takes them. */
function nameOf({ fromMs, toMs }: Span): Bilingual {
  const [from, to] = [shanghaiTime(fromMs), shanghaiTime(toMs)];
  return { zh: `${from} 至 ${to}`, en: `${from} to ${to}` };
}
