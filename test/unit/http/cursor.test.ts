import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../../lib/http/cursor.ts";
import { Problem } from "../../../lib/problem.ts";

const text = fc.string({ unit: "grapheme", maxLength: 50 }).filter((value) => value.isWellFormed());
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The position, or the code of the problem; anything else that is thrown fails the test. */
function read(cursor: string): unknown {
  try {
    return decodeCursor(cursor, ["resource", "afterKey"]);
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe("a cursor", () => {
  test("leads back to where it was issued", () => {
    fc.assert(
      fc.property(text, text, (resource, afterKey) => {
        expect(read(encodeCursor({ resource, afterKey }))).toEqual({ resource, afterKey });
      }),
    );
  });

  test("of any other making is a position or an invalid request, never a failure", () => {
    const others = fc.oneof(
      fc.string({ unit: "binary", maxLength: 512 }),
      fc.json().map((json) => Buffer.from(json).toString("base64url")),
      fc.record({ resource: fc.anything(), afterKey: fc.anything() }).map((value) => {
        try {
          return encode(value);
        } catch {
          return "";
        }
      }),
    );
    fc.assert(
      fc.property(others, (cursor) => {
        const position = read(cursor);
        if (typeof position === "string") expect(position).toBe("invalid-request");
        else
          expect(position).toMatchObject({
            resource: expect.any(String),
            afterKey: expect.any(String),
          });
      }),
    );
  });

  test("that holds half a surrogate pair is none: no text in the database is like it", () => {
    const cursor = encode({ resource: "api_calls", afterKey: "\ud800" });
    expect(read(cursor)).toBe("invalid-request");
  });
});
