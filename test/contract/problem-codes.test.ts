import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { impliedProblems } from "../../lib/http/openapi-responses.ts";
import type { ProblemCode } from "../../lib/problem.ts";
import { routes } from "../../lib/routes.ts";
import { readProblemRecord } from "../support/problem-record.ts";

/** Codes that cannot be met from outside within a test's time, and the test that meets them. */
const metElsewhere: Partial<Record<ProblemCode, string>> = {
  timeout: "test/unit/http/operation.test.ts",
  // Only a deployment that asks for FIPS refuses an algorithm.
  "algorithm-not-approved": "test/unit/encryption/seal-record.test.ts",
};

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("every problem code that an operation lists is answered to some API test", ({ skip }) => {
  const { codes, files } = readProblemRecord();
  const missingFiles = apiTestFiles().filter((path) => !files.has(path));
  skip(missingFiles.length > 0, `only whole runs tell; not run: ${missingFiles.join(", ")}`);
  const listed = new Set(routes.flatMap((route) => [...route.problems, ...impliedProblems(route)]));
  const unmet = [...listed].filter((code) => !codes.has(code) && !metElsewhere[code]);
  expect(unmet).toEqual([]);
});

test.each(Object.entries(metElsewhere))("%s is met in %s", (code, path) => {
  expect(read(path)).toContain(`"${code}"`);
});

/** Those that ask a stack, as they are noted in the record. */
const apiTestFiles = (): string[] =>
  globSync("test/api/**/*.test.ts", { cwd: new URL("../../", import.meta.url) }).filter((path) =>
    read(path).includes("useStack("),
  );
