import { describe, expect, it } from "vitest";
import type { Pepper } from "../../../lib/auth/password-hash.ts";
import { hashPassword, verifyPassword } from "../../../lib/auth/password-hash.ts";

const pepper: Pepper = { version: 1, key: Buffer.alloc(32, 1) };
const pepperOf = async (version: number): Promise<Pepper> => ({
  version,
  key: Buffer.alloc(32, version),
});
const current = { scheme: "argon2id", pepperVersion: 1 } as const;

describe.each(["argon2id", "pbkdf2-sha256"] as const)("a %s hash", (scheme) => {
  it("matches its password and no other", async () => {
    const stored = await hashPassword("tidal copper vex", pepper, scheme);
    expect((await verifyPassword("tidal copper vex", stored, pepperOf, current)).matches).toBe(
      true,
    );
    expect((await verifyPassword("tidal copper vey", stored, pepperOf, current)).matches).toBe(
      false,
    );
  });

  it("does not depend on how the keyboard composes a letter", async () => {
    const stored = await hashPassword("gr\u00fcn".padEnd(15, "x"), pepper, scheme);
    const decomposed = "gru\u0308n".padEnd(16, "x");
    expect((await verifyPassword(decomposed, stored, pepperOf, current)).matches).toBe(true);
  });

  it("is salted: the same password never hashes the same", async () => {
    const hash = () => hashPassword("tidal copper vex", pepper, scheme);
    expect(await hash()).not.toBe(await hash());
  });

  it("needs the pepper it names", async () => {
    const stored = await hashPassword("tidal copper vex", pepper, scheme);
    const otherPepper = async () => ({ version: 1, key: Buffer.alloc(32, 9) });
    expect((await verifyPassword("tidal copper vex", stored, otherPepper, current)).matches).toBe(
      false,
    );
  });

  it("asks for a new hash when the pepper is no longer the current one", async () => {
    const stored = await hashPassword("tidal copper vex", pepper, scheme);
    const later = { scheme, pepperVersion: 2 };
    expect(await verifyPassword("tidal copper vex", stored, pepperOf, later)).toEqual({
      matches: true,
      needsRehash: true,
    });
  });
});

describe("a stored hash", () => {
  it("is compared at the cost it names, and asks for a new one when that is not today's", async () => {
    // argon2id with m=256, t=1, made once with the pepper above.
    const { argon2Sync } = await import("node:crypto");
    const salt = Buffer.alloc(16, 3);
    const hash = argon2Sync("argon2id", {
      message: Buffer.from("tidal copper vex"),
      nonce: salt,
      secret: pepper.key,
      memory: 256,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const text = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
    const stored = `$argon2id$v=19$m=256,t=1,p=1,keyid=1$${text(salt)}$${text(hash)}`;
    expect(await verifyPassword("tidal copper vex", stored, pepperOf, current)).toEqual({
      matches: true,
      needsRehash: true,
    });
  });

  it("that is no PHC string is an error, not a mismatch", async () => {
    await expect(verifyPassword("x", "plain", pepperOf, current)).rejects.toThrow("PHC");
  });
});
