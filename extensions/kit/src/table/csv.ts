import type { Column } from './column';

/** Rows as CSV (RFC 4180, CRLF) with a head line; cells that a spreadsheet would run as a formula are quoted with an apostrophe. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const head = columns.map(column => cell(column.label));
  return [head, ...rows.map(row => columns.map(column => cell(column.text(row), column.isNumber)))].map(line => line.join(',')).join('\r\n');
}

function cell(text: string, isNumber = false): string {
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
