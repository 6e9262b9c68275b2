import { expect, test } from "vitest";
import { routes } from "../../../lib/routes.ts";
import { countCalls } from "../../support/count-calls.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = () => stack.http.get("/openapi.json");

test("200: the contract names every route that is served, and nothing else", async () => {
  const { status, body, headers } = await read();
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("public, max-age=300");
  const served = Object.entries<Record<string, { operationId: string }>>(body.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [method, path, operationId]),
  );
  expect(served.toSorted()).toEqual(
    routes
      .map(({ method, path, operationId }) => [method.toLowerCase(), path, operationId])
      .toSorted(),
  );
});

test("200: it costs no call", async () => {
  expect(await countCalls(stack, read)).toEqual({ dynamodb: 0, kms: 0 });
});
