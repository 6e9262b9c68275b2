import fc from "fast-check";
import { expect, test } from "vitest";
import {
  hashBackupCode,
  newBackupCodes,
  normalizeBackupCode,
} from "../../../lib/mfa/backup-codes.ts";

test("ten codes of 24 characters, in groups of four, no two alike", () => {
  const codes = newBackupCodes();
  expect(codes).toHaveLength(10);
  expect(new Set(codes).size).toBe(10);
  for (const code of codes)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("every character of the alphabet is equally likely: 120 bits a code", () => {
  const counts = new Map<string, number>();
  for (let round = 0; round < 400; round++) {
    for (const character of newBackupCodes().join("").replaceAll("-", "")) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  // 96,000 characters over 32 letters: 3,000 each, six standard deviations either way.
  expect(counts.size).toBe(32);
  for (const count of counts.values()) expect(Math.abs(count - 3000)).toBeLessThan(330);
});

test("a code is read from any case, with spaces or dashes anywhere, O for 0, I and L for 1", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...newBackupCodes()),
      fc.array(fc.constantFrom("", " ", "-", "  "), { minLength: 24, maxLength: 24 }),
      fc.boolean(),
      fc.constantFrom("I", "L", "i", "l"),
      (code, separators, isLower, one) => {
        const plain = code.replaceAll("-", "");
        const typed = [...plain]
          .map((character) => (character === "0" ? "O" : character === "1" ? one : character))
          .map((character, index) => character + (separators[index] ?? ""))
          .join("");
        expect(normalizeBackupCode(isLower ? typed.toLowerCase() : typed)).toBe(plain);
      },
    ),
  );
});

test.each(["", "0", "0".repeat(23), "0".repeat(25), `${"0".repeat(23)}U`, "é".repeat(24)])(
  "%j is no code",
  (typed) => {
    expect(normalizeBackupCode(typed)).toBeUndefined();
  },
);

test("the digest is SHA-256, and another for every member", () => {
  const code = "0".repeat(24);
  expect(Buffer.from(hashBackupCode("mem_1", code), "base64url")).toHaveLength(32);
  expect(hashBackupCode("mem_1", code)).not.toBe(hashBackupCode("mem_2", code));
});
