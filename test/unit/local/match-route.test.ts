import { expect, test } from "vitest";
import type { Route } from "../../../lib/http/route.ts";
import { routeMatcher } from "../../../local/match-route.ts";

const route = (method: Route["method"], path: Route["path"]): Route => ({
  operationId: `${method} ${path}`,
  domain: "access",
  summary: "",
  uses: [],
  latencyBudgetMs: 1,
  method,
  path,
  access: "public",
  success: { status: 200 },
  problems: [],
});

const match = routeMatcher([
  route("GET", "/v1/usage/{resource}"),
  route("GET", "/v1/usage/analytics"),
  route("GET", "/v1/{any}/analytics"),
  route("POST", "/v1/usage/{resource}/increments"),
  route("GET", "/v1/usage"),
]);

const pathOf = (method: string, path: string) => match(method, path)?.route.path;

test("a literal segment wins over a parameter, the earlier segment first", () => {
  expect(pathOf("GET", "/v1/usage/analytics")).toBe("/v1/usage/analytics");
  expect(pathOf("GET", "/v1/usage/api_calls")).toBe("/v1/usage/{resource}");
  expect(pathOf("GET", "/v1/other/analytics")).toBe("/v1/{any}/analytics");
});

test("parameters are handed on by name, whatever characters they hold", () => {
  expect(match("POST", "/v1/usage/a b%ü?/increments")?.params).toEqual({ resource: "a b%ü?" });
  expect(match("GET", "/v1/usage")?.params).toEqual({});
});

test("another method, another depth, an empty parameter and a trailing slash match nothing", () => {
  for (const [method, path] of [
    ["HEAD", "/v1/usage"],
    ["POST", "/v1/usage"],
    ["GET", "/v1/usage/"],
    ["GET", "/v1/usage/a/b/c"],
    ["POST", "/v1/usage//increments"],
    ["GET", "/V1/usage"],
    ["GET", "//v1/usage"],
  ] as const) {
    expect(pathOf(method, path), `${method} ${path}`).toBeUndefined();
  }
});
