import { expect } from 'chai';
import { escaped, markup, numberText, shareText } from '../../../src/modules/audit/markup.ts';
import { barPlot, columnPlot } from '../../../src/modules/audit/plots.ts';

const words = { id: 'plot', title: 'A plot', description: 'What it shows' };
const lengths = (svg: string, kind: 'bar' | 'column'): number[] => {
  const side = kind === 'bar' ? 'width' : 'height';
  return [...svg.matchAll(new RegExp(`<rect class="${kind}"[^>]* ${side}="([\\d.]+)"`, 'g'))].map(
    ([, length]) => Number(length),
  );
};
const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

describe('plots', () => {
  it('have bars as long as their values, with the number beside each', () => {
    const values = [400, 100, 50, 0];
    const { text } = barPlot(
      words,
      values.map((value) => ({ label: `v${value}`, value })),
    );
    const widths = lengths(text, 'bar');
    expect(widths).to.have.length(4);
    for (const [index, width] of widths.entries()) {
      expect(width / sum(widths)).to.be.closeTo((values[index] ?? 0) / sum(values), 0.001);
    }
    for (const value of values) expect(text).to.include(`>${value}</text>`);
  });

  it('break the bar of a rest that would dwarf the others, and say so', () => {
    const named = [
      { label: 'a', value: 30 },
      { label: 'b', value: 10 },
    ];
    const fits = barPlot(words, [...named, { label: 'rest', value: 60, isRest: true }]).text;
    expect(fits).to.not.include('not to scale');
    expect(lengths(fits, 'bar')[2]).to.be.closeTo(2 * (lengths(fits, 'bar')[0] ?? 0), 0.02);
    const broken = barPlot(words, [...named, { label: 'rest', value: 6_000, isRest: true }]).text;
    expect(broken).to.include('>6,000 (not to scale)</text>');
    const [first = 0, second = 0, rest = 0] = lengths(broken, 'bar');
    expect(first / second).to.be.closeTo(3, 0.01);
    expect(rest).to.be.closeTo(2 * first, 0.02);
  });

  it('have columns as high as their values, under a scale of whole numbers', () => {
    const periods = [7, 0, 3, 12].map((value, no) => ({ name: `2026-0${no + 1}`, value }));
    const { text } = columnPlot(words, { periods }, 'findings');
    const heights = lengths(text, 'column');
    for (const [index, height] of heights.entries()) {
      expect(height / sum(heights)).to.be.closeTo((periods[index]?.value ?? 0) / 22, 0.001);
    }
    expect(text).to.include('>15</text>').and.include('>findings</text>');
  });

  it('label few enough columns that no label lies on the next', () => {
    const periods = Array.from({ length: 60 }, (_, no) => ({
      name: `2026-01-${no + 10}`,
      value: 1_000 + no,
    }));
    const { text } = columnPlot(words, { periods }, 'items');
    const places = [...text.matchAll(/x="([\d.]+)" y="\d+" text-anchor="middle"/g)].map(([, x]) => Number(x));
    expect(places.length).to.be.within(4, 10);
    for (const [index, place] of places.slice(1).entries()) {
      expect(place - (places[index] ?? 0)).to.be.at.least(75);
    }
  });

  it('draw nothing wrong when all is nothing', () => {
    const nothing = [
      barPlot(words, [{ label: 'a', value: 0 }]),
      barPlot(words, [{ label: 'rest', value: 5, isRest: true }]),
      columnPlot(words, { periods: [{ name: '2026', value: 0 }] }, 'items'),
    ];
    for (const { text } of nothing) expect(text).to.not.match(/NaN|Infinity|undefined/);
  });

  it('are images with a title and no style or script of their own', () => {
    const { text } = barPlot(words, [{ label: '<b onload="x">', value: 1 }]);
    expect(text).to.match(/^<svg [^>]*role="img" aria-labelledby="plot-title plot-desc"/);
    expect(text).to.include('<title id="plot-title">A plot</title>');
    expect(text).to.not.match(/style=|<script|<b /);
  });
});

describe('markup', () => {
  it('escapes text in elements and in attributes', () => {
    const hostile = `"><script>alert('1')</script>&amp;`;
    expect(markup`<p title="${hostile}">${[hostile, 1]}</p>`.text).to.equal(
      `<p title="${escaped(hostile)}">${escaped(hostile)}1</p>`,
    );
    expect(escaped(hostile)).to.equal('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;');
  });

  it('names what shows nothing or turns the writing round', () => {
    expect(escaped('A\u202EB\u0000\u200B\u2067\u{E0041}\uD800\n')).to.equal(
      'A[U+202E]B[U+0000][U+200B][U+2067][U+E0041][U+D800][U+000A]',
    );
    expect(escaped('AB\u200D1')).to.equal('AB[U+200D]1');
    expect(escaped('پارس\u200Cدارو')).to.equal('پارس\u200Cدارو');
  });

  it('words numbers and shares', () => {
    expect(numberText(1_234_567)).to.equal('1,234,567');
    expect([shareText(1, 8), shareText(1, 100_000), shareText(0, 5), shareText(0, 0)]).to.deep.equal([
      '12.5 %',
      '< 0.1 %',
      '0.0 %',
      '0.0 %',
    ]);
  });
});
