import { CompactSign, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { RefreshClaims } from "../../../lib/auth/refresh-token.ts";
import { issueRefreshToken, readRefreshToken } from "../../../lib/auth/refresh-token.ts";

const key = Buffer.alloc(32, 1);
const claims: RefreshClaims = {
  memberId: "mem_1",
  manufacturerId: "mfr_1",
  sessionId: "ses_1",
  counter: 3,
  roles: ["owner"],
  acr: "aal2",
  amr: ["pwd", "otp"],
  amrTimesMs: { pwd: 1_764_000_000_000, otp: 1_764_000_030_000 },
  authTimeMs: 1_764_000_030_000,
  startedAtMs: 1_764_000_030_001,
  passwordVersion: 2,
  absoluteExpiresAtMs: 1_764_086_400_000,
};
const sign = (header: Record<string, string>, signingKey = key, payload: unknown = claims) =>
  new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "HS256", typ: "rt+jwt", kid: "1", ...header })
    .sign(signingKey);

describe("a refresh token", () => {
  it("tells its claims to whoever holds the key", async () => {
    expect(await readRefreshToken(await issueRefreshToken(claims, key), key)).toEqual(claims);
  });

  it("is the same for the same claims, so that racing clients get the same successor", async () => {
    expect(await issueRefreshToken(claims, key)).toBe(await issueRefreshToken(claims, key));
  });

  it.each([
    ["counter", 4],
    ["sessionId", "ses_2"],
    ["memberId", "mem_2"],
    ["manufacturerId", "mfr_2"],
    ["passwordVersion", 3],
    ["acr", "aal1"],
  ])("with another %s under its MAC is refused", async (claim, value) => {
    const [header, , mac] = (await issueRefreshToken(claims, key)).split(".");
    const payload = Buffer.from(JSON.stringify({ ...claims, [claim]: value }));
    const forged = `${header}.${payload.toString("base64url")}.${mac}`;
    expect(await readRefreshToken(forged, key)).toBeUndefined();
  });

  it("forged as below is accepted when nothing is changed, so that the forgeries test what they say", async () => {
    expect(await readRefreshToken(await sign({}), key)).toEqual(claims);
  });

  it.each([
    ["of another type", () => sign({ typ: "at+jwt" })],
    ["of another algorithm", () => sign({ alg: "HS512" }, Buffer.alloc(64, 1))],
    ["without a MAC", () => new UnsecuredJWT({ ...claims, amr: [] }).encode()],
    ["of an older form", () => "mem_1.ses_1.3.bWFj"],
    ["that is empty", () => ""],
    ["that is nonsense", () => "a.b.c"],
  ])("%s is refused", async (_, token) => {
    expect(await readRefreshToken(await token(), key)).toBeUndefined();
  });

  it("of another key is refused", async () => {
    expect(await readRefreshToken(await sign({}, Buffer.alloc(32, 2)), key)).toBeUndefined();
  });
});
