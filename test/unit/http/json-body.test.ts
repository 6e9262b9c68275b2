import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonBody } from "../../../lib/http/json-body.ts";
import { Problem } from "../../../lib/problem.ts";

const read = (body: string, contentType = "application/json", bytesMax?: number): unknown =>
  readJsonBody(
    { body, headers: { "content-type": contentType }, isBase64Encoded: false },
    bytesMax,
  );

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return "accepted";
};

describe("a JSON body", () => {
  it("comes back as it was sent, whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: true }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(read(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', "/body/a"],
    ['{"a":1,"\\u0061":2}', "/body/a"],
    ['{"list":[{},{"x":{"role":"viewer","role" :\n"owner"}}]}', "/body/list/1/x/role"],
    ['{"":1,"b":"a\\":","":2}', "/body/"],
  ])("with a key twice in one object is refused, and says where: %s", (text, pointer) => {
    let problem: unknown;
    try {
      read(text);
    } catch (error) {
      problem = error;
    }
    expect(problem).toMatchObject({
      code: "invalid-request",
      extra: { errors: [{ pointer, code: "repeated-key" }] },
    });
  });

  it("may have the same key in different objects, and a key as a value", () => {
    const value = { a: { a: "a" }, list: [{ a: 1 }, { a: 2 }], b: ["a", "a"] };
    expect(read(JSON.stringify(value))).toEqual(value);
  });

  it.each([
    ["application/json", "accepted"],
    ["application/json; charset=utf-8", "accepted"],
    ['application/json;charset="UTF-8"', "accepted"],
    ["application/json; charset=utf-16", "unsupported-media-type"],
    ["application/json; charset=iso-8859-1", "unsupported-media-type"],
    ["application/json; charset=utf-8; charset=utf-7", "unsupported-media-type"],
  ])("of the type %s is %s", (type, expected) => {
    expect(codeOf(() => read("{}", type))).toBe(expected);
  });

  it("does not begin with a byte order mark", () => {
    expect(codeOf(() => read("\uFEFF{}"))).toBe("malformed-json");
  });

  it("is read from base64 too, as the gateway sends it", () => {
    const body = Buffer.from('{"a":"ü"}').toString("base64");
    expect(
      readJsonBody({
        body,
        headers: { "content-type": "application/json" },
        isBase64Encoded: true,
      }),
    ).toEqual({ a: "ü" });
  });

  it("is never anything but a value or a 4xx problem, whatever bytes arrive", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(["accepted", "malformed-json", "invalid-request"]).toContain(
          codeOf(() => read(text)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["no body", "", "malformed-json"],
    ["a cut-off body", '{"a":', "malformed-json"],
    ["two values", "1 2", "malformed-json"],
    ["nesting beyond 64 levels", "[".repeat(70) + "]".repeat(70), "invalid-request"],
    ["half a million levels", "[".repeat(500_000) + "]".repeat(500_000), "invalid-request"],
    ["a number beyond a double", '{"n":1e999}', "invalid-request"],
    ["a lone surrogate in a value", '{"s":"\\ud800"}', "invalid-request"],
    ["a lone surrogate in a key", '{"\\udfff":1}', "invalid-request"],
    ["100,001 values", `[${"0,".repeat(100_000)}0]`, "invalid-request"],
  ])("with %s is refused", (_, body, code) => {
    expect(codeOf(() => read(body))).toBe(code);
  });

  it("names the refused value by JSON pointer", () => {
    try {
      read('{"a/b":[1,{"~":1e999}]}');
    } catch (error) {
      expect((error as Problem).extra).toEqual({
        errors: [{ pointer: "/body/a~1b/1/~0", code: "out-of-range" }],
      });
      return;
    }
    expect.unreachable();
  });

  it.each(["text/plain", "", "application/xml", "application/jsonp"])(
    "sent as %j is unsupported",
    (contentType) => {
      expect(codeOf(() => read("{}", contentType))).toBe("unsupported-media-type");
    },
  );

  it("may name a charset and any letter case in its media type", () => {
    expect(read("{}", "Application/JSON; charset=utf-8")).toEqual({});
  });

  it("is counted in bytes, not characters, against the cap", () => {
    expect(codeOf(() => read('"üü"', "application/json", 6))).toBe("accepted");
    expect(codeOf(() => read('"üü"', "application/json", 5))).toBe("body-too-large");
  });

  it("does not leak its text through the error", () => {
    try {
      read('{"password":"secret-value"');
    } catch (error) {
      expect((error as Problem).message).not.toContain("secret-value");
      return;
    }
    expect.unreachable();
  });
});
