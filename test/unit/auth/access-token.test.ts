import type { KeyObject } from "node:crypto";
import { generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { AccessTokenClaims } from "../../../lib/auth/access-token.ts";
import { issueAccessToken, verifyAccessToken } from "../../../lib/auth/access-token.ts";

const issuer = "https://issuer.example";
const nowMs = Date.UTC(2026, 10, 24, 12);
const now = () => nowMs;
const ours = generateKeyPairSync("ec", { namedCurve: "P-256" });
const theirs = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keys = {
  find: async (keyId: string) => (keyId === "key_1" ? ours.publicKey : undefined),
  publish: async () => [],
};
const claims: AccessTokenClaims = {
  memberId: "mem_1",
  manufacturerId: "mfr_1",
  sessionId: "ses_1",
  roles: ["owner"],
  acr: "aal1",
  amr: ["pwd"],
  amrTimesMs: { pwd: nowMs - 60_000, otp: nowMs - 5000 },
  authTimeMs: nowMs - 5000,
  sessionStartedAtMs: nowMs - 5000,
  passwordVersion: 0,
};
const signingKey = async () => ({ keyId: "key_1", privateKey: ours.privateKey });
const verify = (token: string, atMs = nowMs) =>
  verifyAccessToken(token, { issuer, keys, now: () => atMs });

/** A token as ours, with one thing changed. */
const forge = (
  change: {
    header?: Record<string, unknown>;
    payload?: Record<string, unknown>;
    key?: KeyObject | Uint8Array;
  } = {},
): Promise<string> => {
  const seconds = nowMs / 1000;
  const payload = {
    mid: "mfr_1",
    sid: "ses_1",
    sst: nowMs,
    pwv: 0,
    acr: "aal2",
    amr: ["pwd"],
    amr_times: { pwd: seconds },
    roles: ["owner"],
    auth_time: seconds,
    iss: issuer,
    aud: issuer,
    sub: "mem_1",
    jti: "tok_1",
    iat: seconds,
    exp: seconds + 600,
    ...change.payload,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "key_1", ...change.header })
    .sign(change.key ?? ours.privateKey);
};

describe("an access token", () => {
  it("carries its claims through issue and verification", async () => {
    const token = await issueAccessToken(claims, { issuer, signingKey, now });
    const verdict = await verify(token);
    expect(verdict).toMatchObject({
      valid: true,
      token: { ...claims, expiresAtMs: nowMs + 600_000 },
    });
  });

  it("never has the same id twice", async () => {
    const issue = () => issueAccessToken(claims, { issuer, signingKey, now });
    expect(await issue()).not.toBe(await issue());
  });

  it("is valid for ten minutes and the five seconds that clocks may differ", async () => {
    const token = await issueAccessToken(claims, { issuer, signingKey, now });
    expect((await verify(token, nowMs + 604_000)).valid).toBe(true);
    expect(await verify(token, nowMs + 606_000)).toEqual({ valid: false, reason: "expired" });
  });

  const spki = ours.publicKey.export({ type: "spki", format: "pem" });
  const attacks: [string, () => Promise<string> | string][] = [
    ["alg none", () => new UnsecuredJWT({ sub: "mem_1" }).setIssuer(issuer).encode()],
    [
      "HS256 keyed with the public key",
      () => forge({ header: { alg: "HS256" }, key: Buffer.from(spki) }),
    ],
    ["a foreign key under our key id", () => forge({ key: theirs.privateKey })],
    ["an unknown key id", () => forge({ header: { kid: "key_2" } })],
    ["no key id", () => forge({ header: { kid: undefined } })],
    [
      "a key of its own in the header",
      () =>
        forge({
          key: theirs.privateKey,
          header: { jwk: theirs.publicKey.export({ format: "jwk" }), kid: "key_2" },
        }),
    ],
    [
      "a key URL in the header",
      () =>
        forge({
          key: theirs.privateKey,
          header: { jku: "https://evil.example/jwks", kid: "key_2" },
        }),
    ],
    ["the type of another token", () => forge({ header: { typ: "mfa+jwt" } })],
    ["no type", () => forge({ header: { typ: undefined } })],
    ["another audience", () => forge({ payload: { aud: "https://other.example" } })],
    ["another issuer", () => forge({ payload: { iss: "https://evil.example" } })],
    ["no expiry", () => forge({ payload: { exp: undefined } })],
    ["an expiry in the past", () => forge({ payload: { exp: nowMs / 1000 - 60 } })],
    ["a start in the future", () => forge({ payload: { nbf: nowMs / 1000 + 60 } })],
    ["no tenant", () => forge({ payload: { mid: undefined } })],
    [
      "a tampered payload",
      async () => {
        const [header, payload = "", signature] = (await forge()).split(".");
        const changed = JSON.parse(Buffer.from(payload, "base64url").toString());
        changed.mid = "mfr_2";
        const tampered = Buffer.from(JSON.stringify(changed)).toString("base64url");
        return `${header}.${tampered}.${signature}`;
      },
    ],
    ["no signature", async () => `${(await forge()).split(".").slice(0, 2).join(".")}.`],
    ["nonsense", () => "a.b.c"],
    ["an empty string", () => ""],
  ];

  it("as forged above is accepted when nothing is changed, so that the attacks test what they say", async () => {
    expect((await verify(await forge())).valid).toBe(true);
  });

  it.each(attacks)("with %s is refused", async (_, token) => {
    expect((await verify(await token())).valid).toBe(false);
  });

  it("is not refused for an outage: an unreachable key store is thrown on", async () => {
    const outage = { ...keys, find: () => Promise.reject(new Error("unreachable")) };
    await expect(verifyAccessToken(await forge(), { issuer, keys: outage, now })).rejects.toThrow(
      "unreachable",
    );
  });
});
