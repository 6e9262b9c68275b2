import * as oauth from "oauth4webapi";
import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, signUp } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const path = "/.well-known/oauth-authorization-server";
const overHttp = { [oauth.allowInsecureRequests]: true };

/** What an OAuth client library makes of the metadata, which it refuses where the issuer is another. */
async function discover(algorithm: "oauth2" | "oidc"): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(stack.url);
  const response = await oauth.discoveryRequest(issuer, { algorithm, ...overHttp });
  return oauth.processDiscoveryResponse(issuer, response);
}

describe("200", () => {
  test("it is all that there is, and claims no endpoint, grant or client authentication", async () => {
    const { body, headers } = await stack.http.get(path);
    expect(body).toEqual({
      issuer: stack.url,
      jwks_uri: `${stack.url}/.well-known/jwks.json`,
      response_types_supported: [],
      grant_types_supported: [],
      token_endpoint_auth_methods_supported: [],
      acr_values_supported: ["aal1", "aal2"],
    });
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
  });

  test.each(["oauth2", "oidc"] as const)(
    "an OAuth library finds it as %s, and verifies our access tokens with nothing else (RFC 9068)",
    async (algorithm) => {
      const owner = await signUp(stack);
      const server = await discover(algorithm);
      const request = new Request(`${stack.url}/orders`, {
        headers: { authorization: `Bearer ${owner.accessToken}` },
      });
      const claims = await oauth.validateJwtAccessToken(server, request, stack.url, {
        ...overHttp,
        [oauth.clockSkew]: Math.round((stack.now() - Date.now()) / 1000),
      });
      expect(claims).toMatchObject({ sub: owner.memberId, iss: stack.url, client_id: stack.url });
    },
  );

  test("a library refuses a token whose claims were changed", async () => {
    const owner = await signUp(stack);
    const [header, , signature] = owner.accessToken.split(".");
    const claims = { ...claimsOf(owner.accessToken), roles: ["operator"] };
    const forged = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const request = new Request(`${stack.url}/orders`, {
      headers: { authorization: `Bearer ${header}.${forged}.${signature}` },
    });
    await expect(
      oauth.validateJwtAccessToken(await discover("oauth2"), request, stack.url, overHttp),
    ).rejects.toThrow();
  });

  test("it costs no call", async () => {
    expect(await countCalls(stack, () => stack.http.get(path))).toEqual({ dynamodb: 0, kms: 0 });
  });
});
