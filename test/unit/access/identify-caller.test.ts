import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AccessItem } from "../../../lib/access/access-item.ts";
import { identifyCaller } from "../../../lib/access/authenticate.ts";
import type { AccessTokenClaims } from "../../../lib/auth/access-token.ts";
import { issueAccessToken } from "../../../lib/auth/access-token.ts";

const issuer = "https://issuer.example";
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const readAtMs = Date.UTC(2026, 10, 24, 12);
const claims: AccessTokenClaims = {
  memberId: "mem_1",
  manufacturerId: "mfr_1",
  sessionId: "ses_1",
  roles: ["viewer"],
  acr: "aal1",
  amr: ["pwd"],
  amrTimesMs: { pwd: readAtMs - 60_000 },
  authTimeMs: readAtMs - 60_000,
  sessionStartedAtMs: readAtMs - 60_000,
  passwordVersion: 0,
};
const item: Omit<AccessItem, "readAtMs"> = {
  roles: ["viewer"],
  status: "active",
  sessionsValidFromMs: 0,
  endedSessions: {},
  secondFactorRequiredFor: [],
};

/** A token issued `issuedAfterMs` after the cached item was read, tried half a minute after that. */
async function tryToken(scene: {
  token?: Partial<AccessTokenClaims>;
  issuedAfterMs: number;
  cached?: Partial<AccessItem>;
  stored?: Partial<AccessItem>;
}) {
  const nowMs = readAtMs + 30_000;
  const token = await issueAccessToken(
    { ...claims, ...scene.token },
    {
      issuer,
      signingKey: async () => ({ keyId: "key_1", privateKey }),
      now: () => readAtMs + scene.issuedAfterMs,
    },
  );
  let reads = 0;
  const verdict = await identifyCaller(token, false, {
    issuer,
    keys: { find: async () => publicKey, publish: async () => [] },
    accessItem: async (_manufacturer, _member, fresh) => {
      if (!fresh) return { ...item, ...scene.cached, readAtMs };
      reads++;
      return { ...item, ...scene.stored, readAtMs: nowMs };
    },
    now: () => nowMs,
  });
  return { verdict: "reason" in verdict ? verdict.reason : verdict.caller.roles, reads };
}

const newer = 10_000;
const older = -10_000;

describe("a cached access item", () => {
  it("serves a token that it agrees with, without a read", async () => {
    expect(await tryToken({ issuedAfterMs: newer })).toEqual({ verdict: ["viewer"], reads: 0 });
  });

  it.each<[string, Parameters<typeof tryToken>[0]]>([
    [
      "of a newer password",
      { token: { passwordVersion: 1 }, issuedAfterMs: newer, stored: { passwordVersion: 1 } },
    ],
    [
      "of a newer password, whatever the clocks say",
      { token: { passwordVersion: 1 }, issuedAfterMs: older, stored: { passwordVersion: 1 } },
    ],
    ["of a member who is active again", { issuedAfterMs: newer, cached: { status: "suspended" } }],
    [
      "that the policy demanded a second factor of before",
      { issuedAfterMs: newer, cached: { secondFactorRequiredFor: ["viewer"] } },
    ],
    [
      "issued by a clock three seconds behind",
      { issuedAfterMs: -3000, cached: { status: "suspended" } },
    ],
  ])("refuses no token %s: it is read once more", async (_, scene) => {
    expect(await tryToken(scene)).toEqual({ verdict: ["viewer"], reads: 1 });
  });

  it("gives no less than a newer token's roles without reading once more", async () => {
    const scene = { token: { roles: ["admin"] as const }, stored: { roles: ["admin"] as const } };
    expect(await tryToken({ ...scene, issuedAfterMs: newer })).toEqual({
      verdict: ["admin"],
      reads: 1,
    });
  });

  it.each<[string, Partial<AccessItem>]>([
    ["removed", { status: "removed" }],
    ["whose session was ended", { endedSessions: { ses_1: readAtMs + 600_000 } }],
    ["who has a new password", { passwordVersion: 1 }],
  ])("refuses an older token of a member %s without a read", async (_, cached) => {
    expect(await tryToken({ issuedAfterMs: older, cached })).toEqual({
      verdict: "session-ended",
      reads: 0,
    });
  });

  it("refuses a newer token too where the item says the same when it is read once more", async () => {
    const ended = { status: "removed" } as const;
    expect(await tryToken({ issuedAfterMs: newer, cached: ended, stored: ended })).toEqual({
      verdict: "session-ended",
      reads: 1,
    });
  });
});
