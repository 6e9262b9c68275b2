import { generateKeyPairSync } from "node:crypto";
import { EncryptJWT } from "jose";
import { describe, expect, it } from "vitest";
import { issueAccessToken, verifyAccessToken } from "../../../lib/auth/access-token.ts";
import type { MfaTokenClaims } from "../../../lib/mfa/mfa-token.ts";
import { deviceNonceOf, issueMfaToken, readMfaToken } from "../../../lib/mfa/mfa-token.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";

const issuer = "https://issuer.example";
const nowMs = Date.UTC(2026, 10, 24, 12);
const now = () => nowMs;
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const dependencies = { issuer, secret: secretsOf(secretOf(1)), now };
const claims: MfaTokenClaims = {
  memberId: "mem_1",
  manufacturerId: "mfr_1",
  emailHash: "hash",
  roles: ["owner"],
  totpFactorIds: ["fac_1"],
  backupCodeGeneration: 1,
};
const read = (token: string, atMs = nowMs, secret = dependencies.secret) =>
  readMfaToken(token, { issuer, secret, now: () => atMs });
const invalid = { code: "invalid-mfa-token" };

describe("an mfa token", () => {
  it("carries its claims for five minutes and not a second longer", async () => {
    const token = await issueMfaToken(claims, dependencies);
    expect(await read(token)).toMatchObject({ ...claims, issuedAtMs: nowMs });
    expect(await read(token, nowMs + 299_000)).toMatchObject(claims);
    await expect(read(token, nowMs + 300_000)).rejects.toMatchObject(invalid);
  });

  it("each has an id of its own", async () => {
    const [one, other] = await Promise.all([
      read(await issueMfaToken(claims, dependencies)),
      read(await issueMfaToken(claims, dependencies)),
    ]);
    expect(one.tokenId).not.toBe(other.tokenId);
  });

  it("tells whoever carries it its type and the version of its key, and nothing else", async () => {
    const token = await issueMfaToken(claims, dependencies);
    const parts = token.split(".").map((part) => Buffer.from(part, "base64url"));
    expect(JSON.parse(String(parts[0]))).toEqual({
      alg: "dir",
      enc: "A256GCM",
      typ: "mfa+jwt",
      kid: "1",
    });
    const bytes = Buffer.concat(parts.slice(1)).toString("latin1");
    for (const secret of ["mem_1", "mfr_1", "hash", "owner", "fac_1"]) {
      expect(bytes).not.toContain(secret);
    }
  });

  it("is as long for an owner with ten apps and a known device as for a viewer with one", async () => {
    const many = {
      ...claims,
      roles: ["viewer", "operator"] as const,
      totpFactorIds: Array.from({ length: 10 }, (_, index) => `fac_${index}`.padEnd(26, "x")),
      backupCodeGeneration: 12,
      passwordVersion: 3,
      knownDeviceHash: "d".repeat(43),
      forgottenDeviceHash: "f".repeat(43),
    };
    const lengths = [
      (await issueMfaToken(claims, dependencies)).length,
      (await issueMfaToken({ ...claims, roles: ["viewer"] }, dependencies)).length,
      (await issueMfaToken(many, dependencies)).length,
    ];
    expect(new Set(lengths).size).toBe(1);
  });

  it("is good while the version of its key is there, and no longer", async () => {
    const token = await issueMfaToken(claims, dependencies);
    const replaced = secretsOf(secretOf(1), secretOf(2));
    expect(await read(token, nowMs, replaced)).toMatchObject(claims);
    await expect(read(token, nowMs, secretsOf(secretOf(2)))).rejects.toMatchObject(invalid);
  });

  const encrypt = (header: Record<string, string>, key: Uint8Array = secretOf(1).key) =>
    new EncryptJWT({ ...claims, issuedAtMs: nowMs })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "mfa+jwt", kid: "1", ...header })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setSubject("mem_1")
      .setJti("tok_1")
      .setExpirationTime(nowMs / 1000 + 300)
      .encrypt(key);

  it("forged as below is accepted when nothing is changed, so that the forgeries test what they say", async () => {
    expect(await read(await encrypt({}))).toMatchObject({ tokenId: "tok_1" });
  });

  it.each([
    ["of another key", () => encrypt({}, Buffer.alloc(32, 9))],
    ["of another type", () => encrypt({ typ: "at+jwt" })],
    ["of a version that is not there", () => encrypt({ kid: "2" })],
    ["of another algorithm", () => encrypt({ enc: "A128GCM" }, Buffer.alloc(16, 1))],
    ["that wraps a key", () => encrypt({ alg: "A256KW" })],
    ["that is nonsense", () => "a..b.c.d"],
    ["with a changed tag", async () => `${(await encrypt({})).slice(0, -4)}AAAA`],
  ])("%s is refused", async (_, token) => {
    await expect(read(await token())).rejects.toMatchObject(invalid);
  });

  it("neither stands in for an access token nor an access token for it", async () => {
    const mfaToken = await issueMfaToken(claims, dependencies);
    const keys = { find: async () => publicKey, publish: async () => [] };
    expect(await verifyAccessToken(mfaToken, { issuer, keys, now })).toMatchObject({
      valid: false,
    });
    const accessToken = await issueAccessToken(
      {
        memberId: "mem_1",
        manufacturerId: "mfr_1",
        sessionId: "ses_1",
        roles: ["owner"],
        acr: "aal2",
        amr: ["pwd"],
        amrTimesMs: {},
        authTimeMs: nowMs,
        sessionStartedAtMs: nowMs,
        passwordVersion: 0,
      },
      { issuer, signingKey: async () => ({ keyId: "key_1", privateKey }), now },
    );
    await expect(read(accessToken)).rejects.toMatchObject(invalid);
  });

  it("one changed character is refused, wherever it stands", async () => {
    const token = await issueMfaToken(claims, dependencies);
    for (let index = 0; index < token.length - 1; index += 7) {
      const changed = token[index] === "A" ? "B" : "A";
      const forged = token.slice(0, index) + changed + token.slice(index + 1);
      await expect(read(forged)).rejects.toMatchObject(invalid);
    }
  });

  it("is signed by a device as its SHA-256 in base64url", () => {
    // FIPS 180-2, appendix B.1.
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(deviceNonceOf("abc")).toBe(Buffer.from(digest, "hex").toString("base64url"));
  });
});
