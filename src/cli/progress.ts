import { say, type Bilingual } from '../contract/text.ts';
import { shortened, type Style, type Terminal } from './terminal.ts';

/** Where a job stands, as a progress line shows it. `notSent` counts those that will not be sent any more. */
export interface ProgressView {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notSent: number;
  readonly sending: number;
  /** Rows a second; null before there is a figure. */
  readonly rate: number | null;
  /** Time left, ms; null when it cannot be said. */
  readonly leftMs: number | null;
}

type Part = 'succeeded' | 'failed' | 'unknown' | 'notSent' | 'sending';

const PARTS: readonly { readonly key: Part; readonly name: Bilingual; readonly style: Style }[] = [
  { key: 'succeeded', name: { zh: '成功', en: 'succeeded' }, style: 'green' },
  { key: 'failed', name: { zh: '失败', en: 'failed' }, style: 'red' },
  { key: 'unknown', name: { zh: '未知', en: 'unknown' }, style: 'yellow' },
  { key: 'notSent', name: { zh: '未发送', en: 'not sent' }, style: 'grey' },
  { key: 'sending', name: { zh: '发送中', en: 'sending' }, style: 'blue' },
];

const BAR_COLUMNS = 30;
const LINE_EVERY_MS = 2000;
const BAR_EVERY_MS = 100;

/** How many of `width` cells each amount gets: in proportion, with at least one for any that is not 0. Their sum is at most `width`. */
export function cellsOf(amounts: readonly number[], total: number, width: number): readonly number[] {
  if (total <= 0) return amounts.map(() => 0);
  const cells = amounts.map((amount) => (amount > 0 ? Math.max(1, Math.floor((amount * width) / total)) : 0));
  let over = cells.reduce((sum, one) => sum + one, 0) - width;
  while (over > 0) {
    const widest = cells.indexOf(Math.max(...cells));
    cells[widest] = (cells[widest] ?? 0) - 1;
    over -= 1;
  }
  return cells;
}

/** A duration as people write it: `42s`, `3m05s`, `2h07m`. Milliseconds in. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}

/**
 * Shows how a job goes: a bar in the outcomes' colours on a terminal, a plain line every two seconds in a pipe, an object as
 * often with --json. `now` is in milliseconds.
 */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #last: ProgressView | null = null;
  #shown: ProgressView | null = null;

  constructor(terminal: Terminal, label: string, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#label = label;
    this.#now = now;
  }

  /** Takes the newest state; shows it unless the last showing was a moment ago. */
  update(view: ProgressView): void {
    this.#last = view;
    const every = this.#terminal.interactive ? BAR_EVERY_MS : LINE_EVERY_MS;
    if (this.#now() - this.#shownAt >= every) this.#show(view);
  }

  /** Shows the last state for good and leaves it on the screen. */
  end(): void {
    const view = this.#last;
    if (view === null) return;
    if (this.#terminal.interactive) {
      this.#terminal.footer();
      this.#terminal.line(this.#bar(view), this.#figures(view));
    } else if (this.#shown !== view) this.#show(view);
    this.#last = null;
  }

  #show(view: ProgressView): void {
    this.#shownAt = this.#now();
    this.#shown = view;
    const { interactive, json } = this.#terminal;
    if (json) this.#terminal.object({ event: 'progress', label: this.#label, ...view });
    else if (interactive) this.#terminal.footer(this.#bar(view), this.#figures(view));
    else this.#terminal.line(`${this.#label} ${this.#figures(view)}`);
  }

  #bar(view: ProgressView): string {
    const amounts = PARTS.map(({ key }) => view[key]);
    const cells = cellsOf(amounts, view.total, BAR_COLUMNS);
    const filled = cells.reduce((sum, one) => sum + one, 0);
    const parts = PARTS.map(({ style, key }, index) =>
      this.#terminal.paint(style, (key === 'sending' ? '▒' : '█').repeat(cells[index] ?? 0)),
    );
    const rest = this.#terminal.paint('grey', '░'.repeat(BAR_COLUMNS - filled));
    const room = (this.#terminal.columns ?? 80) - BAR_COLUMNS - 3;
    return `[${parts.join('')}${rest}] ${shortened(this.#label, room)}`;
  }

  #figures(view: ProgressView): string {
    const { language } = this.#terminal;
    const done = view.succeeded + view.failed + view.unknown + view.notSent;
    // Rounded down: 100 % is said when all is done, and not before.
    const percent = view.total === 0 ? 100 : Math.floor((done * 100) / view.total);
    const counts = PARTS.filter(({ key }) => key === 'succeeded' || view[key] > 0).map(({ key, name, style }) =>
      this.#terminal.paint(style, `${say(name, language)} ${view[key]}`),
    );
    const pace: string[] = [];
    if (view.rate !== null)
      pace.push(say({ zh: `每秒 ${rateText(view.rate)} 行`, en: `${rateText(view.rate)} rows/s` }, language));
    if (view.leftMs !== null && done < view.total) {
      pace.push(say({ zh: `还需 ${durationText(view.leftMs)}`, en: `${durationText(view.leftMs)} left` }, language));
    }
    return [`${done}/${view.total} (${percent}%)`, ...counts, ...pace].join(' · ');
  }
}

const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(1) : String(Math.round(rate)));
