import type { AuditBeginning, AuditPiece } from './audit.service.ts';
import { csvHead, csvLine, jsonLine } from './audit-text.ts';
import type { Report } from './report.ts';

/** How a report is written in one media type: text for each moment of it. */
export interface Writer {
  begin(beginning: AuditBeginning): string;
  piece(piece: AuditPiece): string;
  /** In pieces, each a matter of milliseconds. */
  end(): Iterable<string>;
}

/** Of all records: so much is read between two lines that say how far a report has come. */
const PROGRESS_STEP = 0.02;

/** A row a line, and a last line that says how many there were. @param progress also say how much has been read */
export function createNdjsonWriter(progress: boolean): Writer {
  let rows = 0;
  let total = 0;
  let told = 0;
  return {
    begin(beginning) {
      ({ total } = beginning);
      return '';
    },
    piece({ rows: found, read, cursor }) {
      rows += found.length;
      const lines = found.map(({ row, cursor: after }) => jsonLine(row, after)).join('');
      if (!progress || read - told < total * PROGRESS_STEP) return lines;
      told = read;
      return `${lines}${JSON.stringify({ progress: { read, of: total }, cursor })}\n`;
    },
    end: () => [`${JSON.stringify({ end: { rows } })}\n`],
  };
}

/** Without it, spreadsheets take a file for one in the letters of their own country. */
const BYTE_ORDER_MARK = '\uFEFF';

export function createCsvWriter(report: Report): Writer {
  return {
    begin: () => BYTE_ORDER_MARK + csvHead(report),
    piece: ({ rows }) => rows.map(({ row, cursor }) => csvLine(report, row, cursor)).join(''),
    end: () => [],
  };
}
