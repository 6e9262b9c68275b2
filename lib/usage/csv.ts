/** Characters that make a spreadsheet take a cell for a formula (OWASP, CSV Injection). */
const formulaStart = /^[=+\-@\t\r]/;

/**
 * A table as CSV (RFC 4180): CRLF after every record, quotes where needed. Text that a spreadsheet
 * would run begins with an apostrophe, which makes it text; numbers are left alone.
 */
export const toCsv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(toCell).join(",")}\r\n`).join("");

function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
