import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { base64url, exportJWK, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { SigningKey } from "../../../lib/auth/key-ring.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { claimsOf, signUp } from "../../support/manufacturer.ts";
import { readSigningKey } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const theirs = generateKeyPairSync("ec", { namedCurve: "P-256" });
let ours: SigningKey;
let owner: SignedInMember;

beforeAll(async () => {
  ours = await readSigningKey(stack);
  owner = await signUp(stack);
});

type Change = {
  header?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  key?: Parameters<SignJWT["sign"]>[0];
};

/** The owner's own token with one thing changed, signed by the real key unless said. */
const forge = ({ header = {}, payload = {}, key = ours.privateKey }: Change = {}) =>
  new SignJWT({ ...claimsOf(owner.accessToken), ...payload })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: ours.keyId, ...header })
    .sign(key, { crit: { x: true } });

const seconds = () => Math.floor(stack.now() / 1000);
const segment = (value: unknown) => base64url.encode(JSON.stringify(value));
const publicKey = () => createPublicKey(ours.privateKey as unknown as string);

const attacks: Record<string, () => Promise<string> | string> = {
  "alg none, unsigned": () =>
    `${segment({ alg: "none", typ: "at+jwt" })}.${segment(claimsOf(owner.accessToken))}.`,
  "alg none, with the signature of another token": () =>
    owner.accessToken.replace(/^[^.]+/, segment({ alg: "none", typ: "at+jwt", kid: ours.keyId })),
  "HS256 under the public key as PEM": () =>
    forge({
      header: { alg: "HS256" },
      key: Buffer.from(publicKey().export({ type: "spki", format: "pem" })),
    }),
  "HS256 under the public key as JWK": async () =>
    forge({
      header: { alg: "HS256" },
      key: Buffer.from(JSON.stringify(await exportJWK(publicKey()))),
    }),
  "an unknown key id": () => forge({ header: { kid: "key_unknown" }, key: theirs.privateKey }),
  "our key id with another's signature": () => forge({ key: theirs.privateKey }),
  "no key id": () => forge({ header: { kid: undefined }, key: theirs.privateKey }),
  "a key id that names a property of every object": () =>
    forge({ header: { kid: "__proto__" }, key: theirs.privateKey }),
  "an embedded key": async () =>
    forge({ header: { jwk: await exportJWK(theirs.publicKey) }, key: theirs.privateKey }),
  "a key to be fetched from elsewhere": () =>
    forge({
      header: { jku: "http://127.0.0.1:1/jwks.json", x5u: "http://127.0.0.1:1/x5u" },
      key: theirs.privateKey,
    }),
  "an ID token's type": () => forge({ header: { typ: "JWT" } }),
  "a second factor's type": () => forge({ header: { typ: "mfa+jwt" } }),
  "no type": () => forge({ header: { typ: undefined } }),
  "a critical extension nobody knows": () => forge({ header: { crit: ["x"], x: 1 } }),
  "another audience": () => forge({ payload: { aud: "https://other.example" } }),
  "no audience": () => forge({ payload: { aud: undefined } }),
  "another issuer": () => forge({ payload: { iss: "https://other.example" } }),
  expired: () => forge({ payload: { exp: seconds() - 6 } }),
  "no expiry": () => forge({ payload: { exp: undefined } }),
  "not valid yet": () => forge({ payload: { nbf: seconds() + 60 } }),
  "no subject": () => forge({ payload: { sub: undefined } }),
  "another member of the manufacturer": () => forge({ payload: { sub: `mem_${"A".repeat(22)}` } }),
  "another manufacturer": () => forge({ payload: { mid: "platform" } }),
  "a session before all sessions ended": () => forge({ payload: { sst: 1 } }),
  "a session of another password": () => forge({ payload: { pwv: 1 } }),
  "a tampered payload": () =>
    owner.accessToken.replace(
      /\.[^.]+\./,
      `.${segment({ ...claimsOf(owner.accessToken), acr: "aal2" })}.`,
    ),
  "a signature of zeros (CVE-2022-21449)": () =>
    owner.accessToken.replace(/[^.]+$/, base64url.encode(new Uint8Array(64))),
  "a truncated signature": () => owner.accessToken.slice(0, -2),
  "five parts": () => `${owner.accessToken}.x.x`,
  "a refresh token": () => owner.refreshToken,
  "no token at all": () => "undefined",
};

test("the untouched token is accepted, so that each refusal below is for its change alone", async () => {
  const token = await forge();
  const answer = await stack.http.get("/v1/manufacturers/me", { token });
  expect(answer.status).toBe(200);
});

describe.each(Object.entries(attacks))("%s", (_name, makeToken) => {
  test("opens nothing: not an operation, not validation, not the authorizer", async () => {
    const token = await makeToken();
    for (const path of ["/v1/manufacturers/me", "/v1/access/permissions"]) {
      const answer = await stack.http.get(path, { token });
      expect(answer).toMatchObject(problemAnswer("invalid-token"));
      expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    }
    const validated = await stack.http.post("/v1/auth/tokens/validate", { body: { token } });
    expect(validated).toMatchObject({ status: 200, body: { valid: false } });
    expect(validated.body.claims).toBeUndefined();
    const headers = { authorization: `Bearer ${token}` };
    expect(await stack.invoke("authorizeRequest", { headers })).toEqual({
      isAuthorized: false,
      context: {},
    });
  });
});

test.each(["", "Bearer", "Bearer ", "Basic dTpw", "bearer\ttoken", "Bearer a b"])(
  "an authorization header that holds no bearer token is none: %j",
  async (authorization) => {
    const answer = await stack.http.get("/v1/manufacturers/me", { headers: { authorization } });
    expect(answer).toMatchObject(problemAnswer("missing-token"));
  },
);
