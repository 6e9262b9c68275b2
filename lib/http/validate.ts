import type { core as schema } from "zod/mini";
import { safeParse } from "zod/mini";
import type { FieldError } from "../problem.ts";
import { toPointer } from "./pointer.ts";

/** Names the wire uses for what a schema refused; library prose stays inside. */
const codes: Record<string, string> = {
  invalid_type: "wrong-type",
  invalid_value: "not-allowed",
  too_small: "too-small",
  too_big: "too-big",
  invalid_format: "invalid-format",
  not_multiple_of: "invalid-step",
  invalid_union: "wrong-type",
  invalid_key: "invalid-key",
  invalid_element: "invalid-element",
};

/**
 * Validates one part of a request, strictly and without coercion, and collects every bad place.
 *
 * @param part where the value came from: first segment of each pointer (`body`, `query`, ...).
 */
export function validatePart(
  part: string,
  partSchema: schema.$ZodType,
  value: unknown,
): { value: unknown; errors: FieldError[] } {
  const result = safeParse(partSchema, value);
  if (result.success) return { value: result.data, errors: [] };
  const errors = result.error.issues.flatMap((issue) => toFieldErrors(part, issue, value));
  // A number may break several rules at once that are one to whoever sent it.
  const distinct = new Map(errors.map((error) => [`${error.code} ${error.pointer}`, error]));
  return { value: undefined, errors: [...distinct.values()] };
}

function toFieldErrors(part: string, issue: schema.$ZodIssue, value: unknown): FieldError[] {
  const pointer = `/${part}${toPointer(issue.path)}`;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      pointer: pointer + toPointer([key]),
      code: "unknown-field",
    }));
  }
  if (issue.code === "custom")
    return [{ pointer, code: String(issue.params?.["code"] ?? "invalid") }];
  const isAbsent = issue.code !== "too_small" && valueAt(value, issue.path) === undefined;
  return [{ pointer, code: isAbsent ? "missing" : (codes[issue.code] ?? "invalid") }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key))
      return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}
