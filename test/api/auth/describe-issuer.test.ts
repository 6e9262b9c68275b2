import { expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = () => stack.http.get("/.well-known/openid-configuration");

test("200: the issuer is told as tokens name it, and its key set is where it says", async () => {
  const { status, body, headers } = await read();
  expect([status, body.issuer]).toEqual([200, stack.url]);
  expect(headers.get("cache-control")).toBe("public, max-age=3600");
  const keys = await fetch(body.jwks_uri);
  expect(keys.status).toBe(200);
});

test("200: it costs no call", async () => {
  expect(await countCalls(stack, read)).toEqual({ dynamodb: 0, kms: 0 });
});
