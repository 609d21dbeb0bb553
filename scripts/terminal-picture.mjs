// Draws what a terminal showed as an SVG, so that a README can show a run:
//   FORCE_COLOR=1 npm run demo | node scripts/terminal-picture.mjs "npm run demo" > docs/terminal-run.svg
import stringWidth from 'string-width';

const CELL = 8.4;
const LINE = 20;
const MARGIN = 16;
const BAR = 32;
const MOST_COLUMNS = 140;
const INK = '#d7dae0';
const PAPER = '#16181d';
const COLORS = {
  31: '#ff7b72',
  32: '#56d364',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#9198a1',
};

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The style after an SGR sequence such as `1;31`. */
function styleAfter(style, codes) {
  let { color, bold } = style;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) [color, bold] = [INK, false];
    else if (code === 1) bold = true;
    else if (code === 22) bold = false;
    else if (code === 39) color = INK;
    else color = COLORS[code] ?? color;
  }
  return { color, bold };
}

/**
 * A line as words of one style, each at its column: browsers fold spaces. Wide characters are pieces of their own: a font draws
 * them in other proportions than the two columns that a terminal gives them.
 */
function piecesOf(line, begin) {
  const pieces = [];
  let style = begin;
  let column = 0;
  // eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
  for (const part of line.split(/(\u001B\[[0-9;?]*[A-Za-z])/u)) {
    if (part.startsWith('\u001B')) {
      if (part.endsWith('m')) style = styleAfter(style, part.slice(2, -1));
      continue;
    }
    for (const { segment } of graphemes.segment(part)) {
      const width = stringWidth(segment);
      if (width === 0 || column + width > MOST_COLUMNS) continue;
      const last = pieces.at(-1);
      const goesOn = last?.style === style && !last.wide && last.column + stringWidth(last.text) === column;
      if (segment !== ' ') {
        if (width === 1 && goesOn) last.text += segment;
        else pieces.push({ text: segment, style, column, wide: width > 1 });
      }
      column += width;
    }
  }
  return { pieces, style, columns: column };
}

/**
 * The SVG of a terminal's text.
 * @param {string} text with or without colour sequences @param {string} title said above it
 */
export function pictureOf(text, title) {
  let style = { color: INK, bold: false };
  let columns = 40;
  const rows = text
    .trimEnd()
    .split(/\r?\n/u)
    .map((line) => {
      const read = piecesOf(line, style);
      style = read.style;
      columns = Math.max(columns, read.columns);
      return read.pieces;
    });
  const width = Math.ceil(columns * CELL + 2 * MARGIN);
  const height = BAR + rows.length * LINE + 2 * MARGIN;
  const drawn = rows.flatMap((pieces, row) =>
    pieces.map((piece) => {
      const x = (MARGIN + piece.column * CELL).toFixed(1);
      const y = BAR + MARGIN + row * LINE + 14;
      const length = (stringWidth(piece.text) * CELL).toFixed(1);
      const bold = piece.style.bold ? ' font-weight="bold"' : '';
      const fit = piece.wide ? '' : ` textLength="${length}" lengthAdjust="spacingAndGlyphs"`;
      return `<text x="${x}" y="${y}" fill="${piece.style.color}"${bold}${fit}>${escaped(piece.text)}</text>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (color, index) => `<circle cx="${20 + index * 18}" cy="18" r="6" fill="${color}"/>`,
    ),
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'Noto Sans Mono CJK SC\', \'Microsoft YaHei\', monospace" font-size="14">',
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

if (import.meta.main) {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  if (text.trim() === '') {
    process.stderr.write(
      'order-console: nothing came on stdin to draw. Pipe what a terminal showed into this script.\n',
    );
    process.exitCode = 1;
  } else process.stdout.write(pictureOf(text, process.argv[2] ?? 'Order Console in a terminal'));
}
