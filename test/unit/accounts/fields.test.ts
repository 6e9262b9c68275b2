import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeParse } from "zod/mini";
import { EmailAddress } from "../../../lib/accounts/fields.ts";

const accepts = (text: string): boolean => safeParse(EmailAddress, text).success;

describe("an e-mail address", () => {
  test("has at most 64 characters before the @ (RFC 5321)", () => {
    expect(accepts(`${"a".repeat(64)}@rohrwerk.example`)).toBe(true);
    expect(accepts(`${"a".repeat(65)}@rohrwerk.example`)).toBe(false);
  });

  test("is anything that a mail server's owner would hand out", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{1,20}([._+-][a-z0-9]{1,10}){0,3}$/),
        fc.stringMatching(/^[a-z0-9]{1,20}(\.[a-z0-9]{1,10}){0,2}\.[a-z]{2,6}$/),
        (local, domain) => {
          expect(accepts(`${local}@${domain}`)).toBe(true);
        },
      ),
    );
  });

  test("holds no space, control character, second @ or line break, wherever it stands", () => {
    const forbidden = fc.constantFrom(
      " ",
      "\t",
      "\r",
      "\n",
      "\0",
      "@",
      ",",
      ";",
      "<",
      ">",
      "\u2028",
    );
    fc.assert(
      fc.property(forbidden, fc.nat(30), (character, position) => {
        const address = "maria.keller@rohrwerk.example";
        const at = Math.min(position, address.length);
        expect(accepts(address.slice(0, at) + character + address.slice(at))).toBe(false);
      }),
    );
  });

  test("is refused or accepted, never a failure, and quickly whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        expect(typeof accepts(text)).toBe("boolean");
      }),
    );
    expect(accepts(`${"a.".repeat(50_000)}@b`)).toBe(false);
  });
});
