import { expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = () => stack.http.get("/.well-known/openid-configuration");

test("200: it says what the authorization server's metadata says, and nothing of an OpenID provider", async () => {
  const { status, body, headers } = await read();
  const metadata = await stack.http.get("/.well-known/oauth-authorization-server");
  expect([status, body]).toEqual([200, metadata.body]);
  expect(headers.get("cache-control")).toBe("public, max-age=3600");
  expect(Object.keys(body).filter((name) => /endpoint$|id_token|userinfo/.test(name))).toEqual([]);
  expect((await fetch(body.jwks_uri)).status).toBe(200);
});

test("200: it costs no call", async () => {
  expect(await countCalls(stack, read)).toEqual({ dynamodb: 0, kms: 0 });
});
