import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { issueAccessToken, verifyAccessToken } from "../../../lib/auth/access-token.ts";
import { issueMfaToken, readMfaToken } from "../../../lib/mfa/mfa-token.ts";

const issuer = "https://issuer.example";
const nowMs = Date.UTC(2026, 10, 24, 12);
const now = () => nowMs;
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keys = {
  find: async (keyId: string) => (keyId === "key_1" ? publicKey : undefined),
  publish: async () => [],
};
const signing = { issuer, signingKey: async () => ({ keyId: "key_1", privateKey }), now };
const claims = {
  memberId: "mem_1",
  manufacturerId: "mfr_1",
  emailHash: "hash",
  roles: ["owner" as const],
  totpFactorIds: ["fac_1"],
  backupCodeGeneration: 1,
};
const read = (token: string, atMs = nowMs) =>
  readMfaToken(token, { issuer, keys, now: () => atMs });

test("carries its claims for five minutes and not a second longer", async () => {
  const token = await issueMfaToken(claims, signing);
  expect(await read(token)).toMatchObject({ ...claims, issuedAtMs: nowMs });
  expect(await read(token, nowMs + 299_000)).toMatchObject(claims);
  await expect(read(token, nowMs + 300_000)).rejects.toMatchObject({ code: "invalid-mfa-token" });
});

test("each has an id of its own", async () => {
  const [one, other] = await Promise.all([
    read(await issueMfaToken(claims, signing)),
    read(await issueMfaToken(claims, signing)),
  ]);
  expect(one.tokenId).not.toBe(other.tokenId);
});

test("neither stands in for an access token nor an access token for it", async () => {
  const mfaToken = await issueMfaToken(claims, signing);
  expect(await verifyAccessToken(mfaToken, { issuer, keys, now })).toMatchObject({ valid: false });
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
    signing,
  );
  await expect(read(accessToken)).rejects.toMatchObject({ code: "invalid-mfa-token" });
});

test("one changed character is refused, wherever it stands", async () => {
  const token = await issueMfaToken(claims, signing);
  for (let index = 0; index < token.length - 1; index += 7) {
    const changed = token[index] === "A" ? "B" : "A";
    const forged = token.slice(0, index) + changed + token.slice(index + 1);
    await expect(read(forged)).rejects.toMatchObject({ code: "invalid-mfa-token" });
  }
});
