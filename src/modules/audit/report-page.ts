import type { AuditBeginning, AuditPiece } from './audit.service.ts';
import type { Writer } from './audit-writers.ts';
import { countText, Markup, markup } from './markup.ts';
import { destinations, organisations, summary, timeline } from './report-sections.ts';
import { REPORT_STYLE, REPORT_STYLE_SOURCE } from './report-style.ts';
import type { ShownRow } from './report-tables.ts';
import { findingsTable, rowsOf, shownRow, timeText, whoOf } from './report-tables.ts';
import type { Report } from './report.ts';
import { createTally } from './tally.ts';

const MOST_SHOWN = 1_000;
const ROWS_A_PIECE = 100;
const PROGRESS_PERCENT = 5;

/**
 * A report as a document of its own for reading and printing: no script, nothing from elsewhere. Its head comes at
 * once; the plots need every row, so all else comes at the end. Only a report that ran to its end says it's complete.
 * @param isRest whether it goes on after a row that was seen
 */
export function createPageWriter(report: Report, isRest: boolean): Writer {
  const tally = createTally();
  const shown: ShownRow[] = [];
  let asked = '';
  let total = 0;
  let read = 0;
  let found = 0;
  let lastCursor = '';
  let told = 0;

  return {
    begin(beginning: AuditBeginning): string {
      ({ total } = beginning);
      asked = queryText(beginning);
      return documentHead(beginning, isRest).text;
    },
    piece(piece: AuditPiece): string {
      ({ read } = piece);
      found += piece.rows.length;
      for (const { row, cursor } of piece.rows) {
        tally.add(row);
        if (shown.length === MOST_SHOWN) continue;
        shown.push(shownRow(row));
        lastCursor = cursor;
      }
      const percent = total === 0 ? 0 : Math.min(100, Math.floor((read / total) * 100));
      if (percent < told + PROGRESS_PERCENT) return '';
      told = percent;
      return `${percent} % `;
    },
    *end(): Generator<string, void, void> {
      const tallied = tally.result();
      const rows = rowsOf(tallied.unit);
      const words = rows.many.toLowerCase();
      yield `</p></header>\n${summary(tallied, read).text}`;
      if (found > 0) {
        yield destinations(tallied).text + timeline(tallied).text;
        yield organisations(tallied, whoOf(report.source)).text;
        yield markup`<section><h2>${rows.many}</h2>
`.text;
        for (const part of findingsTable(report, shown, ROWS_A_PIECE)) yield part.text;
        const address = `/v1/audit/${report.name}`;
        yield `${remainder(address, asked, lastCursor, found - shown.length, words).text}</section>\n`;
      }
      yield markup`<section id="end"><p><strong>Complete.</strong> The report ends here: ${countText(found, words)} in ${countText(read, 'records')} read.</p></section>
</main></body></html>
`.text;
    },
  };
}

function documentHead({ report, settings, now, total }: AuditBeginning, isRest: boolean): Markup {
  const told = report.heeds.map(
    (name) => markup`<dt>Setting ${name}</dt><dd>${settings[name] ?? 'not set'}</dd>
`,
  );
  const part = markup`<p><strong>This is a part of the report:</strong> it goes on after a finding that was named by a cursor. Those before it are neither shown nor counted here.</p>
`;
  return markup`<!doctype html>
<html lang="en"><head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${REPORT_STYLE_SOURCE}">
<meta name="referrer" content="no-referrer">
<title>${report.title}, ${now.slice(0, 10)} - Pill press registry</title>
<style>${STYLE}</style>
</head><body><main>
<header><p class="kicker">Pill press registry · Audit report</p>
<h1>${report.title}</h1>
<p>${withCodes(report.description)}</p>
${isRest ? part : ''}<dl>
<dt>Report</dt><dd><code>${report.name}</code></dd>
<dt>Made</dt><dd>${timeText(now, 'seconds')} UTC</dd>
${
  told.length > 0
    ? told
    : markup`<dt>Settings</dt><dd>none</dd>
`
}<dt>Goes through</dt><dd>${countText(total, SOURCE_WORDS[report.source])}</dd>
</dl>
<p class="reading"><strong>Not complete yet.</strong> What was found comes when everything has been read. If it never comes, the report was interrupted: ask for it again. Read so far: `;
}

/** A text in which a code stands between backquotes. */
function withCodes(text: string): Markup {
  const parts = text.split('`');
  return markup`${parts.map((part, index) => (index % 2 === 0 ? part : markup`<code>${part}</code>`))}`;
}

const STYLE = new Markup(REPORT_STYLE);
const SOURCE_WORDS = { items: 'items', declarations: 'declarations', lookups: 'look-ups' } as const;

function queryText({ report, settings }: AuditBeginning): string {
  const told = report.heeds.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return told.join('&');
}

function remainder(address: string, query: string, cursor: string, left: number, rows: string): Markup {
  if (left === 0) return markup``;
  const all = query === '' ? address : `${address}?${query}`;
  const rest = `${address}?${query === '' ? '' : `${query}&`}cursor=${cursor}`;
  return markup`<p><strong>${countText(left, rows)} more</strong> are not shown here, but counted above. All of them, one a line: ask for <code>${all}</code> with the header <code>Accept: text/csv</code> or <code>Accept: application/x-ndjson</code>. Only those that are not shown: <code>${rest}</code>.</p>
`;
}
