import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codeAt, matchStep, newTotpSecret, otpauthUri, toBase32 } from "../../../lib/mfa/totp.ts";

const stepMs = 30_000;
/** The secret of both RFCs' test vectors. */
const secret = Buffer.from("12345678901234567890");
const hasOathtool = spawnSync("oathtool", ["--version"]).status === 0;

describe("codes", () => {
  it.each(
    [
      "755224",
      "287082",
      "359152",
      "969429",
      "338314",
      "254676",
      "287922",
      "162583",
      "399871",
      "520489",
    ].map((code, counter) => ({ code, counter })),
  )("counter $counter gives $code (RFC 4226 appendix D)", ({ code, counter }) => {
    expect(codeAt(secret, counter * stepMs)).toBe(code);
  });

  // The RFC prints eight digits; a code is the last six of them.
  it.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("second %i gives the last six digits of %s (RFC 6238 appendix B)", (seconds, digits) => {
    expect(codeAt(secret, seconds * 1000)).toBe(digits.slice(2));
  });

  it("are oathtool's for 200 random secrets and times", ({ skip }) => {
    skip(!hasOathtool, "oathtool is not installed (Debian package oathtool)");
    for (let round = 0; round < 200; round++) {
      const random = randomBytes(20);
      const seconds = randomInt(2 ** 32);
      const theirs = execFileSync("oathtool", [
        "--totp",
        "--base32",
        "--now",
        `@${seconds}`,
        toBase32(random),
      ]);
      expect(codeAt(random, seconds * 1000)).toBe(theirs.toString().trim());
    }
  });
});

describe("matching", () => {
  const nowMs = 1_700_000_000_000;
  const current = Math.floor(nowMs / stepMs);

  it.each([-1, 0, 1])("names the time step of a code %i steps away", (steps) => {
    expect(matchStep(secret, codeAt(secret, nowMs + steps * stepMs), nowMs)).toBe(current + steps);
  });

  it.each([-3, -2, 2, 3])("refuses a code %i steps away", (steps) => {
    expect(matchStep(secret, codeAt(secret, nowMs + steps * stepMs), nowMs)).toBeUndefined();
  });

  it.each(["", "12345", "1234567", "12345a", "é23456", "０８１８０４", " 23456", "123456\n"])(
    "answers no match for %j, and throws for nothing",
    (code) => {
      expect(matchStep(secret, code, nowMs)).toBeUndefined();
    },
  );

  it("takes secrets of 160 random bits (RFC 4226 section 4)", () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(secrets.every(({ length }) => length === 20)).toBe(true);
    expect(new Set(secrets.map(toBase32)).size).toBe(50);
  });
});

describe("the otpauth URI", () => {
  it("names issuer, account and parameters, with what is special escaped", () => {
    const uri = new URL(otpauthUri(secret, { issuer: "Rohr & Werk", account: "jö@x.example" }));
    expect(uri.protocol).toBe("otpauth:");
    expect(decodeURIComponent(uri.pathname)).toContain("Rohr & Werk:jö@x.example");
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: toBase32(secret),
      issuer: "Rohr & Werk",
      algorithm: "SHA1",
      digits: "6",
      period: "30",
    });
  });
});
