import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundlePathOf } from "../../infra/build.ts";
import { environmentVariables } from "../../lib/config.ts";
import type { Route, Task } from "../../lib/http/route.ts";
import { grantsOf, variablesOf } from "../../lib/http/route.ts";
import { routes, tasks } from "../../lib/routes.ts";

const rows = [...routes, ...tasks];
const bundle = (row: Route | Task): string =>
  new URL(`../../dist/${bundlePathOf(row)}/index.js`, import.meta.url).pathname;

interface SourceMap {
  sources: string[];
}
const sourcesOf = (row: Route | Task): string[] =>
  (JSON.parse(readFileSync(`${bundle(row)}.map`, "utf8")) as SourceMap).sources;

describe("a bundle reads exactly the environment that its row implies", () => {
  const saved = { ...process.env };
  beforeAll(() => {
    for (const name of environmentVariables) delete process.env[name];
  });
  afterAll(() => {
    Object.assign(process.env, saved);
  });

  test.each(rows)("$operationId", (row) => {
    expect(missingVariables(bundle(row))).toEqual([...variablesOf(row)].sort());
  });
});

/** What a bundle that starts without any environment says it lacks. */
function missingVariables(path: string): string[] {
  try {
    createRequire(import.meta.url)(path);
  } catch (error) {
    const [, names] = /^missing environment variables: (.+)$/.exec((error as Error).message) ?? [];
    if (names === undefined) throw error;
    return names.split(", ").sort();
  }
  throw new Error(`${path} starts without its environment`);
}

describe("a bundle ships what its operation needs and nothing else", () => {
  test.each(rows)("$operationId holds none of what deploys, emulates or tests it", (row) => {
    const foreign = /(^|\/)(infra|local|test|bench|training)\/|aws-cdk|constructs|vitest|esbuild/;
    const sources = sourcesOf(row);
    expect(sources.length).toBeGreaterThan(0);
    expect(
      sources.filter((source) => foreign.test(source.replace(/^.*?node_modules/, ""))),
    ).toEqual([]);
    expect(sources.filter((source) => source.endsWith("lib/routes.ts"))).toEqual([]);
  });

  test.each(rows)("$operationId takes its credentials from its environment alone", (row) => {
    const others = /credential-provider-(?!env)|nested-clients|token-providers/;
    expect(sourcesOf(row).filter((source) => others.test(source))).toEqual([]);
  });

  test.each(rows)("$operationId stays within its size", (row) => {
    expect(statSync(bundle(row)).size).toBeLessThanOrEqual(bytesMax(row));
  });
});

const kib = 1024;

/** What a bundle may weigh, by what it is bound to carry: bytes cost time at each cold start. */
function bytesMax(row: Route | Task): number {
  const sources = sourcesOf(row);
  const carries = (part: string): boolean => sources.some((source) => source.includes(part));
  const used = (kind: string): boolean => grantsOf(row).some((grant) => grant.startsWith(kind));
  const usesKms = used("platform-key") || used("manufacturer-key");
  const usesAws = grantsOf(row).length > 0;
  let limit = usesKms ? 375 : usesAws ? 330 : 64;
  for (const [part, allowance] of Object.entries(carriedData)) {
    if (carries(part)) limit += allowance;
  }
  return limit * kib;
}

/** Data that some operations carry whole, in KiB. */
const carriedData: Readonly<Record<string, number>> = {
  "docs/openapi.json": 20,
  "lib/encryption/": 35,
  "client-sesv2": 20,
  "@zxcvbn-ts/language-common": 290,
  "@zxcvbn-ts/language-en": 260,
  "@zxcvbn-ts/core": 60,
  "lib/auth/breached-passwords.json": 345,
  "disposable-email-domains-js": 60,
  "lib/business-data/number-rules.ts": 35,
  "lib/threats/model.json": 130,
  "libphonenumber-js": 60,
  "node_modules/uqr": 15,
  "node_modules/stdnum": 70,
};
