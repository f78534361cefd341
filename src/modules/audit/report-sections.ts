import { countryName } from '../catalogue/index.ts';
import type { Markup } from './markup.ts';
import { countText, markup, numberText } from './markup.ts';
import type { Bar } from './plots.ts';
import { barPlot, columnPlot } from './plots.ts';
import type { Who } from './report-tables.ts';
import { amountTable, rowsOf } from './report-tables.ts';
import type { Parting, Tallied } from './tally.ts';
import { foremost } from './tally.ts';
import type { Timeline } from './timeline.ts';
import { timelineOf } from './timeline.ts';

const MOST_BARS = 20;
const MOST_COUNTRIES = 300;

/** How much was found of what; or, plainly, that nothing was. */
export function summary(tallied: Tallied, read: number): Markup {
  const { all, codes, unit } = tallied;
  const from = `in ${countText(read, 'records')} read`;
  if (all.findings === 0) {
    return markup`<section><h2>Nothing found</h2>
<p class="big">This report found nothing ${from}.</p></section>
`;
  }
  const rows = countText(all.findings, rowsOf(unit).many.toLowerCase());
  const items = unit === 'items' ? ` that add up to ${countText(all.value, 'items')},` : '';
  const top = foremost(codes, MOST_BARS);
  return markup`<section><h2>What was found</h2>
<p class="big">${rows}${items} ${from}.</p>
${amountTable(
  'By what was found',
  [{ head: 'Code', cell: (code) => markup`<code>${code}</code>` }],
  top.slices,
  [{ label: 'Other codes', ...top.others }],
  tallied,
)}</section>
`;
}

export function destinations(tallied: Tallied): Markup {
  const { destinations: parting, unit } = tallied;
  if (parting.slices.length === 0) return lacking(unit, 'By destination', 'a destination');
  const top = foremost(parting, MOST_COUNTRIES);
  const title = `Destinations by ${unit}`;
  return markup`<section><h2>By destination</h2>
<figure><figcaption>${title}</figcaption>
${barPlot(
  { id: 'destinations', title, description: barWords(parting) },
  barsOf(parting, 'destinations', (code) => `${countryName(code) ?? 'Not a country'} ${code}`),
)}</figure>
${amountTable(
  'Countries of destination',
  [
    { head: 'Code', cell: (code) => code },
    { head: 'Country', cell: (code) => countryName(code) ?? 'Not a country' },
  ],
  top.slices,
  [
    { label: 'Other destinations', ...top.others },
    { label: 'No destination given', ...parting.unsaid },
  ],
  tallied,
)}</section>
`;
}

export function organisations(tallied: Tallied, { one, many }: Who): Markup {
  const { orgs: parting, unit } = tallied;
  const heading = `By ${one.toLowerCase()}`;
  if (parting.slices.length === 0) return lacking(unit, heading, `an ${one.toLowerCase()}`);
  const top = foremost(parting, MOST_BARS);
  const plural = many.toLowerCase();
  const title = `${many} by ${unit}`;
  const caption = top.otherNames === 0 ? many : `The ${MOST_BARS} ${plural} with the most ${unit}`;
  return markup`<section><h2>${heading}</h2>
<figure><figcaption>${title}</figcaption>
${barPlot({ id: 'organisations', title, description: barWords(parting) }, barsOf(parting, plural, String))}</figure>
${amountTable(
  caption,
  [{ head: one, cell: (org) => org }],
  top.slices,
  [
    { label: `Other ${plural}`, ...top.others },
    { label: `No ${one.toLowerCase()} named`, ...parting.unsaid },
  ],
  tallied,
)}</section>
`;
}

export function timeline(tallied: Tallied): Markup {
  const { unit, months } = tallied;
  const line = timelineOf(tallied);
  const { periods, step, beyond } = line;
  const [first] = periods;
  if (first === undefined) return lacking(unit, 'Timeline', 'a time');
  const most = periods.reduce((one, other) => (other.value > one.value ? other : one));
  const title = `${unit === 'items' ? 'Items' : 'Findings'} by ${STEP_WORDS[step]}, UTC`;
  const description = `From ${first.name} to ${periods.at(-1)?.name ?? ''}; most in ${most.name}: ${numberText(most.value)}.`;
  const left = months.unsaid.value + beyond;
  const rows = periods.map(
    ({
      name,
      value,
    }) => markup`<tr><th scope="row">${name}</th><td class="number">${numberText(value)}</td></tr>
`,
  );
  return markup`<section><h2>Timeline</h2>
<figure><figcaption>${title}. ${description}</figcaption>
${columnPlot({ id: 'timeline', title, description }, line, unit)}</figure>
${left === 0 ? '' : markup`<p class="quiet">Not in the plot, as they name no time: ${countText(left, unit)}.</p>`}
<details><summary>The numbers of the timeline</summary><table>
<thead><tr><th scope="col">${STEP_HEADS[step]}</th><th scope="col" class="number">${unit === 'items' ? 'Items' : 'Findings'}</th></tr></thead>
<tbody>
${rows}</tbody></table></details></section>
`;
}

const STEP_WORDS: Readonly<Record<Timeline['step'], string>> = {
  day: 'day',
  month: 'month',
  year: 'year',
  years: 'years put together',
};
const STEP_HEADS: Readonly<Record<Timeline['step'], string>> = {
  day: 'Day',
  month: 'Month',
  year: 'Year',
  years: 'Years',
};

function lacking(unit: Tallied['unit'], heading: string, what: string): Markup {
  return markup`<section><h2>${heading}</h2><p>None of the ${rowsOf(unit).many.toLowerCase()} names ${what}.</p></section>
`;
}

function barsOf(parting: Parting, plural: string, labelOf: (name: string) => string): Bar[] {
  const { slices, others, otherNames } = foremost(parting, MOST_BARS);
  const bars: Bar[] = slices.map(({ name, value }) => ({ label: labelOf(name), value }));
  if (others.findings === 0) return bars;
  const isMore = parting.others.findings > 0;
  const label = `${isMore ? 'More than ' : ''}${numberText(otherNames)} other ${plural}`;
  return [...bars, { label, value: others.value, isRest: true }];
}

function barWords({ slices }: Parting): string {
  const [first] = slices;
  return first === undefined
    ? ''
    : `Most: ${first.name} with ${numberText(first.value)}. The table has all numbers.`;
}
