/** What a spreadsheet would take for the beginning of a formula, full-width signs too: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const HARMLESS_NUMBER = /^-?\d+(\.\d+)?$/;
const QUOTED = /["',;\t\r\n]|^\s|\s$/;

/**
 * A row of a CSV file (RFC 4180) with its line end. No cell begins a formula: one that would is preceded by an
 * apostrophe, which `withoutGuard` takes off again. Numbers stay as they are.
 */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const isFormula = FORMULA_START.test(text) && !HARMLESS_NUMBER.test(text);
  const isGuarded = /^'[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20']/.test(text);
  const cell = isFormula || isGuarded ? `'${text}` : text;
  return QUOTED.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A cell as it was before `csvRow`. */
export function withoutGuard(cell: string): string {
  return /^'[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20']/.test(cell) ? cell.slice(1) : cell;
}
