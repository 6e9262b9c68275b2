import { describe, expect, it } from "vitest";
import { assertAcceptablePassword } from "../../../lib/auth/password-policy.ts";
import type { Problem } from "../../../lib/problem.ts";

const words = ["Maria Keller", "maria.keller@rohrwerk.example", "Rohrwerk GmbH"];
const verdict = (password: string, hasSecondFactor = false): string => {
  try {
    assertAcceptablePassword(password, { hasSecondFactor, words });
    return "accepted";
  } catch (error) {
    return (error as Problem).code;
  }
};

describe("a new password", () => {
  it.each([
    ["fifteen plain letters", "tidal copper vex"],
    ["spaces and any script", "лошадь батарея скрепка"],
    ["no digits or symbols", "unrelatedwordstogether"],
    ["128 characters", "x7Kq".repeat(32).slice(0, 124) + "tail"],
  ])("with %s is accepted", (_, password) => {
    expect(verdict(password)).toBe("accepted");
  });

  it("needs 15 characters as the only factor and 8 beside a second one", () => {
    expect(verdict("tidal copper v")).toBe("password-too-short");
    expect(verdict("tidal copper ve")).toBe("accepted");
    expect(verdict("tidal c", true)).toBe("password-too-short");
    expect(verdict("tidal co", true)).toBe("accepted");
  });

  it("is counted in code points of its composed form", () => {
    expect(verdict("🔩".repeat(7) + "x", true)).toBe("accepted");
    expect(verdict("🔩🔧⚙🛠🗜📐", true)).toBe("password-too-short");
    expect(verdict("a\u0308o\u0308u\u0308e\u0308", true)).toBe("password-too-short");
  });

  it("may have at most 128 characters", () => {
    expect(verdict("tidal copper vex ".repeat(8))).toBe("password-too-long");
  });

  it.each([
    ["a common one", "password1", true],
    ["a common one in other letter case", "PaSsWoRd1", true],
    ["a common one, numbered", "football2024!!!", false],
    ["a common one, repeated", "dragondragondragon", false],
    ["one character repeated", "aaaaaaaaaaaaaaaaaaa", false],
    ["two characters repeated", "abababababababab", false],
    ["an ascending sequence", "abcdefghijklmnopq", false],
    ["a digit sequence", "123456789012345678", false],
    ["the person's name", "MariaKeller12345", false],
    ["the e-mail address", "maria.keller@rohrwerk.example", false],
    ["the company's name, padded", "Rohrwerk GmbH!!!!", false],
  ])("that is %s is blocked", (_, password, hasSecondFactor) => {
    expect(verdict(password, hasSecondFactor)).toBe("password-blocked");
  });

  it("is told why it was blocked, without being repeated", () => {
    try {
      assertAcceptablePassword("dragondragondragon", { hasSecondFactor: false, words });
    } catch (error) {
      expect((error as Problem).detail).toContain("most common");
      expect((error as Problem).detail).not.toContain("dragon");
      return;
    }
    expect.unreachable();
  });
});
