import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bundlePathOf } from "../../infra/build.ts";
import { isRoute } from "../../lib/http/route.ts";
import { validatePart } from "../../lib/http/validate.ts";
import { routes, tasks } from "../../lib/routes.ts";

const rows = [...routes, ...tasks];
const root = new URL("../../", import.meta.url);
const files = (pattern: string): string[] => globSync(pattern, { cwd: root });
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

describe("every row", () => {
  test.each(rows)("$operationId has a handler that builds and exports it", (row) => {
    const handler = read(`functions/${bundlePathOf(row)}.ts`);
    expect(handler).toContain("export const build = (");
    expect(handler).toContain("export const handler = build(");
  });

  test.each(rows)("$operationId has exactly one rule of its name", (row) => {
    const declaration = new RegExp(`export (async )?(function|const) ${row.operationId}\\b`);
    const rules = files("lib/*/*.ts").filter((path) => declaration.test(read(path)));
    expect(rules).toHaveLength(1);
  });
});

/** Operations whose tests are still part of a journey; a file of its own takes one off the list. */
const withoutOwnTestFile = [
  "countBackupCodes",
  "createDeviceChallenge",
  "listDevices",
  "listFactors",
  "optimizePerformance",
  "previewMfaPolicy",
  "readMfaPolicy",
  "readPerformanceHistory",
  "readPerformanceMetrics",
  "readPerformanceRecommendations",
  "readPerformanceThresholds",
  "renameDevice",
  "resetMonthlyQuotas",
];

test("every row has a test file of its own, those listed above aside", () => {
  const missing = rows.filter((row) => {
    const folders = isRoute(row) ? ["api"] : ["api", "integration"];
    const paths = folders.map((folder) => `test/${folder}/${bundlePathOf(row)}.test.ts`);
    return !paths.some((path) => existsSync(new URL(path, root)));
  });
  expect(missing.map(({ operationId }) => operationId).sort()).toEqual(
    withoutOwnTestFile.toSorted(),
  );
});

test("no handler is without a row", () => {
  const known = new Set(rows.map((row) => `functions/${bundlePathOf(row)}.ts`));
  expect(files("functions/**/*.ts").filter((path) => !known.has(path))).toEqual([]);
});

test("no two rows share an operation id, and no two routes a method and path", () => {
  const ids = rows.map(({ operationId }) => operationId);
  const keys = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(keys).size).toBe(keys.length);
});

test("every query is strict: a misspelt parameter is named, not ignored", () => {
  const lenient = routes.filter(
    ({ query }) => query && validatePart("query", query, { misspelt: "1" }).errors.length === 0,
  );
  expect(lenient.map(({ operationId }) => operationId)).toEqual([]);
});
