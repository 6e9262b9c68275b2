import { CompactSign, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { RefreshClaims } from "../../../lib/auth/refresh-token.ts";
import { issueRefreshToken, readRefreshToken } from "../../../lib/auth/refresh-token.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";

const { key } = secretOf(1);
const secrets = secretsOf(secretOf(1));
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
const sign = (
  header: Record<string, string>,
  signingKey: Uint8Array = key,
  payload: unknown = claims,
) =>
  new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "HS256", typ: "rt+jwt", kid: "1", ...header })
    .sign(signingKey);

describe("a refresh token", () => {
  it("tells its claims to whoever holds the key", async () => {
    expect(await readRefreshToken(await issueRefreshToken(claims, secretOf(1)), secrets)).toEqual(
      claims,
    );
  });

  it("is the same for the same claims, so that racing clients get the same successor", async () => {
    expect(await issueRefreshToken(claims, secretOf(1))).toBe(
      await issueRefreshToken(claims, secretOf(1)),
    );
  });

  it.each([
    ["counter", 4],
    ["sessionId", "ses_2"],
    ["memberId", "mem_2"],
    ["manufacturerId", "mfr_2"],
    ["passwordVersion", 3],
    ["acr", "aal1"],
  ])("with another %s under its MAC is refused", async (claim, value) => {
    const [header, , mac] = (await issueRefreshToken(claims, secretOf(1))).split(".");
    const payload = Buffer.from(JSON.stringify({ ...claims, [claim]: value }));
    const forged = `${header}.${payload.toString("base64url")}.${mac}`;
    expect(await readRefreshToken(forged, secrets)).toBeUndefined();
  });

  it("forged as below is accepted when nothing is changed, so that the forgeries test what they say", async () => {
    expect(await readRefreshToken(await sign({}), secrets)).toEqual(claims);
  });

  it.each([
    ["of another type", () => sign({ typ: "at+jwt" })],
    ["of another algorithm", () => sign({ alg: "HS512" }, Buffer.alloc(64, 1))],
    ["without a MAC", () => new UnsecuredJWT({ ...claims, amr: [] }).encode()],
    ["of an older form", () => "mem_1.ses_1.3.bWFj"],
    ["that is empty", () => ""],
    ["that is nonsense", () => "a.b.c"],
  ])("%s is refused", async (_, token) => {
    expect(await readRefreshToken(await token(), secrets)).toBeUndefined();
  });

  it("of another key is refused", async () => {
    expect(await readRefreshToken(await sign({}, Buffer.alloc(32, 2)), secrets)).toBeUndefined();
  });

  it("is good while the version of its key is there, and no longer", async () => {
    const token = await issueRefreshToken(claims, secretOf(2));
    expect(await readRefreshToken(token, secretsOf(secretOf(2), secretOf(3)))).toEqual(claims);
    expect(await readRefreshToken(token, secretsOf(secretOf(3)))).toBeUndefined();
  });

  it.each(["2", "0", "01", "-1", "1e0", "__proto__", ""])(
    "under our key that names the version %j is refused",
    async (kid) => {
      expect(await readRefreshToken(await sign({ kid }), secrets)).toBeUndefined();
    },
  );
});
