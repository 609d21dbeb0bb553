import stringWidth from 'string-width';
import type { Language } from '../contract/text.ts';

/** A stream as far as the terminal needs it: `process.stdout` is one, and so is a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const STYLES = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  grey: [90, 39],
  bold: [1, 22],
} as const;
export type Style = keyof typeof STYLES;

/** Whether to use colours, by `--no-color`, FORCE_COLOR, NO_COLOR (no-color.org) and what the output is. */
export function wantsColor(
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
  noColor = false,
): boolean {
  if (noColor) return false;
  const { FORCE_COLOR: forced, NO_COLOR: refused } = env;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if (refused !== undefined && refused !== '') return false;
  return output.isTTY === true && env.TERM !== 'dumb';
}

/**
 * Text from elsewhere (a vendor's words, a file's cells) made harmless for a terminal: escape sequences and other control
 * characters, and marks that turn the reading direction, become one visible sign.
 */
export function harmless(text: string): string {
  return text
    .replaceAll(/\r\n|[\n\r\t\u2028\u2029]/gu, ' ')
    .replaceAll(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\u{FFFD}');
}

/** How many columns a text takes: two for a Chinese character, none for a colour. */
export const widthOf = (text: string): number => stringWidth(text);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text in at most `width` columns, its end replaced by … when it is longer. The text has no colours. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The colour of a cell. */
  readonly style?: (cell: string) => Style | undefined;
}

const GAP = '  ';
const NARROWEST = 6;

/** Column widths that fit into `width`: the widest give way first, none below a few characters. */
function fitted(wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted];
  let over = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

/** What commands print with. Results go to stdout, errors and questions to stderr. */
export class Terminal {
  readonly language: Language;
  readonly json: boolean;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #color: { readonly stdout: boolean; readonly stderr: boolean };
  #footer: readonly string[] = [];

  constructor(options: {
    readonly stdout: Output;
    readonly stderr: Output;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly language: Language;
    readonly json?: boolean;
    readonly noColor?: boolean;
  }) {
    const { stdout, stderr, env, noColor } = options;
    this.language = options.language;
    this.json = options.json ?? false;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#color = { stdout: wantsColor(stdout, env, noColor), stderr: wantsColor(stderr, env, noColor) };
  }

  /** Whether a person watches stdout. */
  get interactive(): boolean {
    return this.#stdout.isTTY === true && !this.json;
  }

  /** Columns of the terminal; null in a pipe, where nothing is cut. */
  get columns(): number | null {
    return this.interactive ? (this.#stdout.columns ?? 80) : null;
  }

  /** The text in a colour where stdout shows colours. */
  paint(style: Style, text: string): string {
    return painted(this.#color.stdout, style, text);
  }

  /** Lines for a person on stdout; with --json they stay away, so that stdout is JSON alone. */
  line(...lines: readonly string[]): void {
    if (!this.json) this.#print(lines);
  }

  /** One JSON object on a line of its own; nothing without --json. */
  object(value: Readonly<Record<string, unknown>>): void {
    if (this.json) this.#print([JSON.stringify(value)]);
  }

  /** Lines on stderr, whatever the mode. */
  note(...lines: readonly string[]): void {
    this.#withoutFooter(() => this.#stderr.write(lines.map((line) => `${line}\n`).join('')));
  }

  /** An error on stderr: the first line in red. */
  error(first: string, ...more: readonly string[]): void {
    this.note(painted(this.#color.stderr, 'red', first), ...more);
  }

  /** A table on stdout, cut to the terminal's width; whole in a pipe. Cells are made harmless here. */
  table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): void {
    if (!this.json) this.#print(this.tableLines(columns, rows));
  }

  /** The lines of a table. */
  tableLines(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): readonly string[] {
    const cells = rows.map((row) => columns.map((_, index) => harmless(row[index] ?? '')));
    const wanted = columns.map(({ title }, index) =>
      Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))),
    );
    const widths = this.columns === null ? wanted : fitted(wanted, this.columns);
    const line = (texts: readonly string[], style: (text: string, column: TableColumn) => string): string =>
      columns
        .map((column, index) => {
          const text = shortened(texts[index] ?? '', widths[index] ?? 0);
          const space = ' '.repeat((widths[index] ?? 0) - widthOf(text));
          const shown = style(text, column);
          return column.align === 'right' ? space + shown : shown + space;
        })
        .join(GAP)
        .trimEnd();
    const head = columns.map(({ title }) => title);
    return [
      line(head, (text) => this.paint('bold', text)),
      this.paint('grey', widths.map((width) => '─'.repeat(width)).join(GAP)),
      ...cells.map((row) =>
        line(row, (text, column) => {
          const style = column.style?.(text);
          return style === undefined ? text : this.paint(style, text);
        }),
      ),
    ];
  }

  /** Lines that stay at the bottom and are replaced in place (a progress bar); none takes them away. Only where `interactive`. */
  footer(...lines: readonly string[]): void {
    if (!this.interactive) return;
    this.#stdout.write(this.#erased() + lines.map((line) => `${line}\n`).join(''));
    this.#footer = lines;
  }

  #print(lines: readonly string[]): void {
    this.#withoutFooter(() => this.#stdout.write(lines.map((line) => `${line}\n`).join('')));
  }

  /** Takes the footer away, prints, and puts it back below. */
  #withoutFooter(print: () => void): void {
    const lines = this.#footer;
    if (lines.length > 0) this.footer();
    print();
    if (lines.length > 0) this.footer(...lines);
  }

  /** The control codes that delete the footer: up and clear, once for each row that its lines take. */
  #erased(): string {
    const columns = this.columns ?? 80;
    const rows = this.#footer.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    return '\u001B[1A\u001B[2K'.repeat(rows);
  }
}

function painted(on: boolean, style: Style, text: string): string {
  const [open, close] = STYLES[style];
  return on && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
}
