import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readRequirements } from "../../local/requirements.ts";
import { readProblemRecord } from "../support/problem-record.ts";

const root = new URL("../../", import.meta.url);

describe.each(readRequirements())("$standard", ({ requirements }) => {
  test("names each requirement once", () => {
    const ids = requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(requirements)("$id is proven by tests that exist, or says why not", (requirement) => {
    const { status, tests, note } = requirement;
    if (status === "met") expect(tests.length).toBeGreaterThan(0);
    else expect([tests, note?.length ?? 0]).toEqual([[], expect.toSatisfy((length) => length > 0)]);
    for (const { file, title } of tests) {
      expect(file).toMatch(/^test\/(unit|integration|api|contract|infra)\/.+\.test\.ts$/);
      expect(existsSync(new URL(file, root)), file).toBe(true);
      expect(titlesOf(file), file).toContain(title);
    }
  });
});

/** Titles of the tests in a file, as they are written there; one that is skipped is none. */
function titlesOf(file: string): string[] {
  const text = readFileSync(new URL(file, root), "utf8");
  const calls =
    /\b(?:test|it)(?:\.each\((?:[^()]|\([^()]*\))*\))?\(\s*(["`])((?:(?!\1)[^\\]|\\.)*)\1/gs;
  return [...text.matchAll(calls)].map(([, , title = ""]) => title);
}

test("every API test that proves a requirement ran to its end", ({ skip }) => {
  const { files } = readProblemRecord();
  const named = new Set(
    readRequirements().flatMap(({ requirements }) =>
      requirements.flatMap(({ tests }) => tests.map(({ file }) => file)),
    ),
  );
  const missing = apiTestFiles().filter((file) => !files.has(file));
  const isPartialRun = missing.some((file) => !named.has(file));
  skip(isPartialRun, "only whole runs tell");
  expect(missing).toEqual([]);
});

/** Those that ask a stack: they are on record once they ran. */
const apiTestFiles = (): string[] =>
  globSync("test/api/**/*.test.ts", { cwd: root }).filter((file) =>
    readFileSync(new URL(file, root), "utf8").includes("useStack("),
  );
