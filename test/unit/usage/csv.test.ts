import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../../lib/usage/csv.ts";

/** Reads one record as RFC 4180 says. */
function parseRecord(csv: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(csv); match; match = pattern.exec(csv)) {
    cells.push(match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll('""', '"'));
    if (match[3] === "\r\n") break;
  }
  return cells;
}

describe("CSV", () => {
  it("gives back every cell, but for the apostrophe that disarms a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        const read = parseRecord(toCsv([cells]));
        const disarmed = cells.map((cell) => cell.replace(/^(?=[=+\-@\t\r])/, "'"));
        expect(read).toEqual(disarmed);
      }),
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
    "never begins a cell with %j",
    (text) => {
      expect(parseRecord(toCsv([[text]]))).toEqual([`'${text}`]);
    },
  );

  it("leaves numbers to be numbers", () => {
    expect(toCsv([[-1, 2.5]])).toBe("-1,2.5\r\n");
  });
});
