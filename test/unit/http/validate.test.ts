import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { validatePart } from "../../../lib/http/validate.ts";

const Body = z.strictObject({
  name: z.string().check(z.minLength(2), z.maxLength(4)),
  count: z.optional(z.int().check(z.lte(9))),
  color: z.enum(["red", "blue"]),
  inner: z.optional(z.strictObject({ flag: z.boolean() })),
});

const errorsOf = (value: unknown) => validatePart("body", Body, value).errors;

describe("validation", () => {
  it("passes a valid value unchanged", () => {
    const value = { name: "abc", color: "red", inner: { flag: true } };
    expect(validatePart("body", Body, value)).toEqual({ value, errors: [] });
  });

  it("says once what several rules find wrong with one place", () => {
    expect(errorsOf({ name: "abc", color: "red", count: 1e308 })).toEqual([
      { pointer: "/body/count", code: "too-big" },
    ]);
  });

  it("names every bad place at once, by pointer and code", () => {
    expect(
      errorsOf({ name: "a", count: "3", color: "green", inner: { flag: 1, "x/y": 0 }, more: 1 }),
    ).toEqual([
      { pointer: "/body/name", code: "too-small" },
      { pointer: "/body/count", code: "wrong-type" },
      { pointer: "/body/color", code: "not-allowed" },
      { pointer: "/body/inner/flag", code: "wrong-type" },
      { pointer: "/body/inner/x~1y", code: "unknown-field" },
      { pointer: "/body/more", code: "unknown-field" },
    ]);
  });

  it("tells a missing field from a wrong one", () => {
    expect(errorsOf({})).toEqual([
      { pointer: "/body/name", code: "missing" },
      { pointer: "/body/color", code: "missing" },
    ]);
  });

  it("does not coerce: a number in a string is a wrong type", () => {
    expect(errorsOf({ name: "abc", color: "red", count: "1" })).toEqual([
      { pointer: "/body/count", code: "wrong-type" },
    ]);
  });

  it("refuses __proto__ and constructor as the unknown fields they are", () => {
    const value = JSON.parse('{"name":"abc","color":"red","__proto__":{},"constructor":{}}');
    expect(errorsOf(value)).toEqual([
      { pointer: "/body/__proto__", code: "unknown-field" },
      { pointer: "/body/constructor", code: "unknown-field" },
    ]);
  });
});
