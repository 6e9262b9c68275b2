import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PublicKeyJwk } from "../../../lib/devices/api.ts";
import { validatePart } from "../../../lib/http/validate.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { kty, crv, x = "", y = "" } = publicKey.export({ format: "jwk" });
const errorsOf = (jwk: object) => validatePart("body", PublicKeyJwk, jwk).errors;

describe("a device's public key", () => {
  it("is taken as encoding gives it", () => {
    expect(errorsOf({ kty, crv, x, y })).toEqual([]);
  });

  it.each(["x", "y"])("has one spelling: the other three of coordinate %s are refused", (name) => {
    const own = name === "x" ? x : y;
    const bytes = Buffer.from(own, "base64url");
    const others = [...alphabet]
      .map((letter) => own.slice(0, -1) + letter)
      .filter((text) => text !== own && Buffer.from(text, "base64url").equals(bytes));
    expect(others).toHaveLength(3);
    for (const text of others) {
      expect(errorsOf({ kty, crv, x, y, [name]: text })).toEqual([
        { pointer: `/body/${name}`, code: "not-canonical" },
      ]);
    }
  });
});
