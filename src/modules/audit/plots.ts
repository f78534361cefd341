import type { Markup } from './markup.ts';
import { markup, numberText, seen } from './markup.ts';
import type { Timeline } from './timeline.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Stands for everything that has no bar of its own. */
  readonly isRest?: boolean;
}

/** What a plot says to those who don't see it. */
export interface PlotWords {
  /** Names the plot within the document. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** As wide as the text of an A4 page at 96 units an inch, so that letters come out in the size of the text. */
const WIDTH = 680;
const INK = '#1a1d21';
const QUIET = '#59616b';
const LINE = '#d5dae0';
const FILL = '#1f4e79';
const FONT = 12.5;
/** Of digits, and of letters in the wider of the fonts. */
const DIGIT = 7.2;
const LETTER = 7.5;

const LABELS = 220;
const BAR = 15;
const BAR_STEP = 23;

/** How many times the longest other bar the rest may be before its bar is broken off. */
const MOST_REST = 2;

/**
 * Horizontal bars in the order given; their lengths are to one another as their values. Only the bar of a rest that
 * would dwarf the others is as long as there is room, broken, and said to be so.
 */
export function barPlot(words: PlotWords, bars: readonly Bar[]): Markup {
  const largestOf = (some: readonly Bar[]): number => Math.max(0, ...some.map(({ value }) => value));
  const longest = MOST_REST * largestOf(bars.filter(({ isRest = false }) => !isRest));
  const isBroken = longest > 0 && largestOf(bars) > longest;
  const largest = isBroken ? longest : largestOf(bars);
  const valueText = (value: number): string =>
    value > largest ? `${numberText(value)} (not to scale)` : numberText(value);
  const widestValue = Math.max(0, ...bars.map(({ value }) => valueText(value).length)) * DIGIT;
  const room = WIDTH - LABELS - widestValue - 14;
  const height = bars.length * BAR_STEP + 4;
  const drawn = bars.map(({ label, value, isRest = false }, index) => {
    const top = index * BAR_STEP + 6;
    const length = largest === 0 ? 0 : Math.min(1, value / largest) * room;
    const baseline = top + BAR - 3;
    return markup`<g><title>${label}: ${numberText(value)}</title>
<text x="${LABELS - 8}" y="${baseline}" text-anchor="end" fill="${INK}">${shortened(label, LABELS - 8)}</text>
<rect class="bar" x="${LABELS}" y="${top}" width="${rounded(length)}" height="${BAR}" ${isRest ? OUTLINED : FILLED}/>${value > largest ? breakAt(LABELS + room * 0.75, top) : ''}
<text x="${rounded(LABELS + length + 7)}" y="${baseline}" fill="${INK}">${valueText(value)}</text></g>
`;
  });
  const axis = markup`<line x1="${LABELS}" y1="2" x2="${LABELS}" y2="${height - 1}" stroke="${QUIET}"/>`;
  return plot(words, height, [...drawn, axis]);
}

/** Two slanting lines with nothing between them, across a bar. */
function breakAt(x: number, top: number): Markup {
  const [from, to] = [rounded(x), rounded(x + 8)];
  const [above, below] = [top - 3, top + BAR + 3];
  return markup`<path d="M${from} ${below}L${to} ${above}h8L${to} ${below}z" fill="#ffffff"/><path d="M${from} ${below}L${to} ${above}m8 0L${to} ${below}" stroke="${FILL}" fill="none"/>`;
}

const FILLED = markup`fill="${FILL}"`;
const OUTLINED = markup`fill="#ffffff" stroke="${FILL}" stroke-dasharray="4 2"`;

const LEFT = 64;
const RIGHT = 34;
const TOP = 26;
const PLOT_HEIGHT = 170;
const WIDEST_COLUMN = 64;

/** A column a period; their heights are to one another as their values. @param unit what the axis counts */
export function columnPlot(words: PlotWords, { periods }: Pick<Timeline, 'periods'>, unit: string): Markup {
  const largest = Math.max(0, ...periods.map(({ value }) => value));
  const { top: scale, ticks } = scaleOf(largest);
  const slot = Math.min(WIDEST_COLUMN, (WIDTH - LEFT - RIGHT) / Math.max(1, periods.length));
  const bottom = TOP + PLOT_HEIGHT;
  const heightOf = (value: number): number => (value / scale) * PLOT_HEIGHT;
  const grid = ticks.map((tick) => {
    const y = rounded(bottom - heightOf(tick));
    return markup`<line x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" stroke="${tick === 0 ? QUIET : LINE}"/>
<text x="${LEFT - 8}" y="${y + 4}" text-anchor="end" fill="${QUIET}">${numberText(tick)}</text>
`;
  });
  const labelWidth = Math.max(0, ...periods.map(({ name }) => name.length)) * DIGIT + 12;
  const every = Math.max(1, Math.ceil(labelWidth / slot));
  const widestValue = numberText(largest).length * DIGIT;
  const drawn = periods.map(({ name, value }, index) => {
    const middle = rounded(LEFT + slot * (index + 0.5));
    const height = heightOf(value);
    const y = rounded(bottom - height);
    const width = Math.max(1, slot * 0.72);
    const label = markup`<text x="${middle}" y="${bottom + 19}" text-anchor="middle" fill="${INK}">${name}</text>
<line x1="${middle}" y1="${bottom}" x2="${middle}" y2="${bottom + 5}" stroke="${QUIET}"/>`;
    const amount = markup`<text x="${middle}" y="${y - 5}" text-anchor="middle" fill="${INK}">${numberText(value)}</text>`;
    return markup`<g><title>${name}: ${numberText(value)}</title>
<rect class="column" x="${rounded(middle - width / 2)}" y="${y}" width="${rounded(width)}" height="${rounded(height)}" fill="${FILL}"/>
${index % every === 0 ? label : ''}${value > 0 && widestValue < slot ? amount : ''}</g>
`;
  });
  const unitLabel = markup`<text x="${LEFT - 8}" y="10" text-anchor="end" fill="${QUIET}">${unit}</text>`;
  return plot(words, bottom + 28, [unitLabel, ...grid, ...drawn]);
}

function plot({ id, title, description }: PlotWords, height: number, parts: readonly Markup[]): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${WIDTH} ${height}" font-size="${FONT}">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${parts}</svg>
`;
}

/** Whole numbers of 1, 2 or 5 times a power of ten, at most 6 of them, from 0 to `largest` or just above. */
function scaleOf(largest: number): { top: number; ticks: number[] } {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, largest / 5)));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each * 5 >= largest) ?? 10 * power;
  const count = Math.max(1, Math.ceil(largest / step));
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

/** A label cut to a width; letters of East Asia are twice as wide. */
function shortened(label: string, width: number): string {
  const all = seen(label);
  let room = Math.floor(width / LETTER);
  const kept: string[] = [];
  for (const character of all) {
    room -= character > '\u1100' ? 2 : 1;
    if (room < 0) return `${kept.slice(0, -1).join('')}…`;
    kept.push(character);
  }
  return all;
}

function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
