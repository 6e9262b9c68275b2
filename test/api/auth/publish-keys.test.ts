import { createLocalJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { signUp } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = () => stack.http.get("/.well-known/jwks.json");

test("200: whoever has the published keys verifies an access token without asking us", async () => {
  const { accessToken } = await signUp(stack);
  const { status, body, headers } = await read();
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("public, max-age=300");
  const { payload } = await jwtVerify(accessToken, createLocalJWKSet(body), {
    issuer: stack.url,
    audience: stack.url,
    typ: "at+jwt",
    algorithms: ["ES256"],
  });
  expect(payload["roles"]).toEqual(["owner"]);
});

test("200: no private part of a key is published", async () => {
  const { body } = await read();
  for (const key of body.keys) {
    expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  }
});

test("200: warm, it costs no call; cold, one", async () => {
  stack.coldStart();
  expect(await countCalls(stack, read)).toEqual({ dynamodb: 1, kms: 0 });
  expect(await countCalls(stack, read)).toEqual({ dynamodb: 0, kms: 0 });
});
