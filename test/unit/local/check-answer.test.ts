import { expect, test } from "vitest";
import * as z from "zod/mini";
import type { Route } from "../../../lib/http/route.ts";
import { checkAnswer } from "../../../local/check-answer.ts";
import { jsonAnswer } from "../../../local/gateway-result.ts";

const route: Route = {
  operationId: "readThing",
  domain: "access",
  summary: "",
  uses: [],
  latencyBudgetMs: 1,
  method: "GET",
  path: "/v1/thing",
  access: "public",
  success: { status: 200, schema: z.object({ id: z.string() }) },
  problems: ["forbidden"],
};

const problem = (code: string, status: number, told = status) => ({
  ...jsonAnswer(status, { type: "x", title: "x", status: told, code }),
  headers: { "content-type": "application/problem+json" },
});

test("an answer as promised passes", () => {
  expect(checkAnswer(route, jsonAnswer(200, { id: "a" }))).toBeUndefined();
  expect(checkAnswer(route, problem("forbidden", 403))).toBeUndefined();
});

test("another body, status or content type than promised is named", () => {
  expect(checkAnswer(route, jsonAnswer(200, { id: 1 }))).toContain("/id");
  expect(checkAnswer(route, jsonAnswer(201, { id: "a" }))).toContain("201");
  const text = { ...jsonAnswer(200, { id: "a" }), headers: { "content-type": "text/plain" } };
  expect(checkAnswer(route, text)).toContain("text/plain");
  expect(checkAnswer(route, { ...jsonAnswer(200, {}), body: Buffer.from("{") })).toContain("JSON");
});

test("a failure must be a problem of the table with the table's status", () => {
  expect(checkAnswer(route, jsonAnswer(500, { message: "x" }))).toContain("not a problem");
  expect(checkAnswer(route, problem("made-up", 400))).toContain("made-up");
  expect(checkAnswer(route, problem("forbidden", 404))).toContain("forbidden");
  expect(checkAnswer(route, problem("forbidden", 403, 404))).toContain("forbidden");
});
