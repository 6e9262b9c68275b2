import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { judgeRows } from "../../../training/judge.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import ownTestSet from "./own-test-set.json" with { type: "json" };

const ATTACK = { text: "' or 1=1 -- ", label: "sql_injection", source: "traffic" };

let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => {
    printed.push(line);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function fileOf(rows: readonly object[]): string {
  const path = join(temporaryDirectory(), "rows.jsonl");
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

function lineOf(start: string): string | undefined {
  return printed.find((line) => line.startsWith(start));
}

describe("the detector is measured on labelled texts of one's own", () => {
  it("with recall per class and source, false alarms and calibration", () => {
    judgeRows(["--rows", fileOf(ownTestSet.map((row) => ({ ...row, source: "own" })))]);

    expect(lineOf("sql_injection")).toMatch(/n= +25 +recall +100\.00 %/);
    expect(lineOf("benign_hard")).toMatch(/n= +86 +flagged 2\.33 %/);
    expect(lineOf("    own")).toMatch(/n= +\d+ +\d+\.\d\d %/);
    expect(lineOf("xss                ECE")).toMatch(
      /ECE 0\.\d{4}, with \d+\.\d\d % attacks 0\.\d{4}/,
    );
  });

  it("over several files, and says of a class without rows that it is not measured", () => {
    judgeRows(["--rows", fileOf([ATTACK]), fileOf([ATTACK])]);

    expect(lineOf("sql_injection")).toMatch(/n= +2 /);
    expect(lineOf("xss")).toBe("xss                needs attacks of the class and ordinary text");
  });

  it("with the misjudged rows on request", () => {
    const missed = { text: "a plain washer", label: "xss", source: "traffic" };
    const path = fileOf([ATTACK, missed]);

    judgeRows(["--rows", path]);
    expect(printed.some((line) => line.includes(missed.text))).toBe(false);

    judgeRows(["--rows", path, "--errors"]);
    expect(JSON.parse(printed.at(-1) ?? "")).toMatchObject(missed);
    expect(printed.some((line) => line.includes(ATTACK.text))).toBe(false);
  });

  it("and refuses a line that is no labelled row by its number", () => {
    const path = fileOf([ATTACK, { ...ATTACK, label: "spam" }]);

    expect(() => judgeRows(["--rows", path])).toThrow("line 2 is no labelled row");
  });

  it("and asks for files", () => {
    expect(() => judgeRows([])).toThrow("--rows FILE... is required");
  });
});
