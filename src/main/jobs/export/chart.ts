import type { Outcome } from '../../../contract/outcome.ts';
import { OUTCOMES } from '../../../contract/outcome.ts';
import type { Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import { STATE_WORDS } from '../../../contract/words.ts';
import { shanghaiTime } from '../../vendors/shared/time.ts';
import { html, type Html } from './html.ts';
import type { Times } from './report.ts';

/** Colour and pattern of each outcome: told apart without colour, by the pattern alone, on paper and by eyes that see none. */
const INK: Readonly<Record<Outcome, string>> = {
  succeeded: '#2f7d4f',
  failed: '#b3261e',
  unknown: '#8a5a00',
  not_sent: '#5f6673',
};

/** The patterns, to be defined once in a document. Succeeded is solid, failed hatched, unknown dotted, not sent striped flat. */
export const PATTERNS: Html = html`<svg width="0" height="0" aria-hidden="true" focusable="false">
  <defs>
    <pattern id="p-succeeded" width="4" height="4" patternUnits="userSpaceOnUse">
      <rect width="4" height="4" fill="${INK.succeeded}" />
    </pattern>
    <pattern id="p-failed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill="#fff" />
      <rect width="2.4" height="5" fill="${INK.failed}" />
    </pattern>
    <pattern id="p-unknown" width="5" height="5" patternUnits="userSpaceOnUse">
      <rect width="5" height="5" fill="#fff" />
      <circle cx="2.5" cy="2.5" r="1.5" fill="${INK.unknown}" />
    </pattern>
    <pattern id="p-not_sent" width="6" height="4" patternUnits="userSpaceOnUse">
      <rect width="6" height="4" fill="#fff" />
      <rect width="6" height="1" fill="${INK.not_sent}" />
    </pattern>
  </defs>
</svg>`;

/** A small square in an outcome's pattern. */
export function swatch(state: Outcome): Html {
  return html`<svg class="swatch" width="16" height="16" aria-hidden="true">
    <rect x="0.5" y="0.5" width="15" height="15" fill="url(#p-${state})" stroke="${INK[state]}" />
  </svg>`;
}

const WIDTH = 680;
const HEIGHT = 190;
const LEFT = 52;
const TOP = 12;
const BOTTOM = 24;
const PLOT = { width: WIDTH - LEFT - 8, height: HEIGHT - TOP - BOTTOM };

/** The next round number: 1, 2, 5, 10, 20, 50 … */
export function roundAbove(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= n) ?? n;
}

/** The outcomes over time as stacked bars, drawn by hand: at most 60 of them, whatever the job's size. Null where nothing has a time. */
export function chart({ buckets, widthS }: Times, language: Language, label: string): Html | null {
  const first = buckets[0];
  if (first === undefined) return null;
  const sums = buckets.map(({ counts }) => OUTCOMES.reduce((sum, state) => sum + counts[state], 0));
  const most = roundAbove(Math.max(...sums));
  const step = PLOT.width / buckets.length;
  const tall = (n: number): number => (n / most) * PLOT.height;
  const fixed = (n: number): string => String(Number(n.toFixed(2)));
  const bars = buckets.map(({ counts }, index) => {
    let y = TOP + PLOT.height;
    return OUTCOMES.map((state) => {
      const height = tall(counts[state]);
      if (height === 0) return html``;
      y -= height;
      const x = LEFT + index * step + step * 0.08;
      const width = Math.min(step * 0.84, 48);
      return html`<rect
        x="${fixed(x)}"
        y="${fixed(y)}"
        width="${fixed(width)}"
        height="${fixed(height)}"
        fill="url(#p-${state})"
        stroke="${INK[state]}"
        stroke-width="0.5"
      />`;
    });
  });
  const lines = [0, 0.5, 1].map((part) => {
    const y = fixed(TOP + PLOT.height - PLOT.height * part);
    const n = most * part;
    return html`<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${y}" y2="${y}" stroke="#c9ccd3" stroke-width="0.75" />${
        Number.isInteger(n)
          ? html`<text x="${LEFT - 6}" y="${y}" dy="4" text-anchor="end">${n.toLocaleString(language)}</text>`
          : html``
      }`;
  });
  const ends = [first.fromMs, first.fromMs + buckets.length * widthS * 1_000];
  const sameDay = shanghaiTime(ends[0] ?? 0).slice(0, 10) === shanghaiTime(ends[1] ?? 0).slice(0, 10);
  const time = (ms: number): string => (sameDay ? shanghaiTime(ms).slice(11) : shanghaiTime(ms).slice(5, 16));
  const places = [LEFT, LEFT + Math.min(PLOT.width, buckets.length * step)];
  const anchors = ['start', 'end'];
  const times = ends.map(
    (ms, index) =>
      html`<text x="${places[index] ?? 0}" y="${HEIGHT - 7}" text-anchor="${anchors[index] ?? ''}">${time(ms)}</text>`,
  );
  const totals = OUTCOMES.map((state) => {
    const n = buckets.reduce((sum, { counts }) => sum + counts[state], 0);
    return `${say(STATE_WORDS[state].words, language)} ${n.toLocaleString(language)}`;
  });
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${`${label}: ${totals.join(', ')}`}"
  >
    ${lines}${bars}${times}
  </svg>`;
}
