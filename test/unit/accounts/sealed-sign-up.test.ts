import { describe, expect, test } from "vitest";
import {
  openPasswordHash,
  openSignUp,
  sealPasswordHash,
  sealSignUp,
} from "../../../lib/accounts/sealed-sign-up.ts";
import { newSecret } from "../../../lib/id.ts";

const signUp = {
  profile: {
    manufacturerId: "mfr_a",
    legalName: "Rohrwerk",
    country: "DE",
    taxId: "DE811569869",
    contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
    createdAtMs: 1,
  },
  ownerName: "Maria",
  emailHash: "hash",
  isLongPassword: true,
};

describe("a sealed sign-up", () => {
  test("opens with the token of its link to what it was", () => {
    const token = newSecret();
    expect(openSignUp(token, sealSignUp(token, signUp))).toEqual(signUp);
  });

  test("opens with no other token, nor after any change", () => {
    const token = newSecret();
    const sealed = sealSignUp(token, signUp);
    const refused = { code: "ciphertext-tampered" };
    expect(() => openSignUp(newSecret(), sealed)).toThrow(expect.objectContaining(refused));
    for (const part of ["iv", "tag", "ciphertext"] as const) {
      const changed = Uint8Array.from(sealed[part]);
      changed[0] = (changed[0] ?? 0) ^ 1;
      expect(() => openSignUp(token, { ...sealed, [part]: changed })).toThrow(
        expect.objectContaining(refused),
      );
    }
  });

  test("holds the password's hash apart: neither opens in the place of the other", () => {
    const token = newSecret();
    const sealed = sealPasswordHash(token, "$argon2id$");
    expect(openPasswordHash(token, sealed)).toBe("$argon2id$");
    const refused = expect.objectContaining({ code: "ciphertext-tampered" });
    expect(() => openSignUp(token, sealed)).toThrow(refused);
    expect(() => openPasswordHash(token, sealSignUp(token, signUp))).toThrow(refused);
    expect(() => openPasswordHash(newSecret(), sealed)).toThrow(refused);
  });

  test("shows nothing of what it holds", () => {
    const { ciphertext } = sealSignUp(newSecret(), signUp);
    expect(Buffer.from(ciphertext).includes("DE811569869")).toBe(false);
  });
});
