import { expect, test } from "vitest";
import { createManufacturerRoute } from "../../../lib/accounts/api.ts";
import { createMemberRoute } from "../../../lib/accounts/member-api.ts";
import { registerTrustedDeviceRoute } from "../../../lib/devices/api.ts";
import { PlainText } from "../../../lib/http/plain-text.ts";
import { validatePart } from "../../../lib/http/validate.ts";

const refused = { pointer: "/body", code: "invisible-character" };

test.each([
  ["NUL", "a\0b"],
  ["CR and LF", "a\r\nb"],
  ["a trailing line feed", "ab\n"],
  ["a C1 control", "a\u0085b"],
  ["a direction override", "a\u202Eb"],
  ["a direction isolate", "a\u2066b"],
  ["a zero-width space", "a\u200Bb"],
  ["a byte order mark", "a\uFEFFb"],
  ["a soft hyphen", "a\u00ADb"],
  ["a Hangul filler", "a\u3164b"],
  ["a blank Braille pattern", "a\u2800b"],
  ["a tag character", "a\u{E0041}b"],
  ["a line separator", "a\u2028b"],
])("%s is refused in a text that people read", (_, text) => {
  expect(validatePart("body", PlainText, text).errors).toEqual([refused]);
});

test.each([
  "Müller & Söhne GmbH",
  "東京工業株式会社",
  "Ünal's Werkstatt ☎️",
  "شرکت نمونه",
  "e\u0301",
])("%s is a text that people read", (text) => {
  expect(validatePart("body", PlainText, text)).toEqual({ value: text, errors: [] });
});

test.each([
  ["a legal name", createManufacturerRoute.body, "legalName"],
  ["a member's name", createMemberRoute.body, "name"],
  ["a device's label", registerTrustedDeviceRoute.body, "label"],
] as const)("%s takes no invisible characters, and the answer points at it", (_, schema, field) => {
  expect(validatePart("body", schema, { [field]: "a\u202Eb" }).errors).toContainEqual({
    pointer: `/body/${field}`,
    code: "invisible-character",
  });
});
