import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberText } from "../../../lib/http/member-text.ts";

describe("the text of a member", () => {
  it.each([
    ['{"data":9007199254740993}', "9007199254740993"],
    ['{"data":123.4500}', "123.4500"],
    ['{"data":-0}', "-0"],
    ['{"data":1.0E+2}', "1.0E+2"],
    ['{"data": {"10":1, "2":2,\n "10":3} }', '{"10":1, "2":2,\n "10":3}'],
    ['{"data":"\\u00e9 \\"}, ] \\\\"}', '"\\u00e9 \\"}, ] \\\\"'],
    ['{"d\\u0061ta":[[]],"algorithm":"x"}', "[[]]"],
    ['\t{ "context" : {"data":"no"} , "data" : null }\n', "null"],
    ['\ufeff{"data":true}', "true"],
    ['{"data":1,"data":2}', "2"],
    ['{"\\\\":{"a":"\\\\"},"data":false}', "false"],
  ])("of %s is %s", (json, text) => {
    expect(memberText(json, "data")).toBe(text);
  });

  it.each(["{}", '{"other":{"data":1}}', '{"other":"data"}', '{"Data":1}'])(
    "is absent from %s",
    (json) => {
      expect(memberText(json, "data")).toBeUndefined();
    },
  );

  it("reads as the member's value, for any object, any of its names and any indentation", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { minKeys: 1 }),
        fc.constantFrom(undefined, 1, "\t"),
        (object, indentation) => {
          const json = JSON.stringify(object, undefined, indentation);
          for (const [name, value] of Object.entries(object)) {
            const text = memberText(json, name);
            expect(json).toContain(text);
            expect(JSON.stringify(JSON.parse(text ?? ""))).toBe(JSON.stringify(value));
          }
        },
      ),
    );
  });

  it("takes time in proportion to the text, also where it is backslashes and brackets throughout", () => {
    const value = `"${"\\\\".repeat(500_000)}"`;
    expect(memberText(`{"data":${value}}`, "data")).toBe(value);
    const nested = "[".repeat(500_000) + "]".repeat(500_000);
    expect(memberText(`{"data":${nested},"b":1}`, "data")).toBe(nested);
  });
});
