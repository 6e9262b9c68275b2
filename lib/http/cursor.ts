import { invalidRequest } from "./response.ts";

/** An opaque place in a list; it holds positions only, never a tenant. */
export const encodeCursor = (position: Record<string, string>): string =>
  Buffer.from(JSON.stringify(position)).toString("base64url");

/** @throws Problem `invalid-request` for anything that this API has not issued in that form. */
export function decodeCursor<const Names extends readonly string[]>(
  cursor: string,
  names: Names,
): Record<Names[number], string> {
  try {
    const position = JSON.parse(Buffer.from(cursor, "base64url").toString()) as Record<
      string,
      unknown
    >;
    // Half a surrogate pair is a string here and no text to DynamoDB.
    const isText = (value: unknown) => typeof value === "string" && value.isWellFormed();
    if (names.every((name) => isText(position[name]))) {
      return position as Record<Names[number], string>;
    }
  } catch {
    // Answered below, like any other cursor that is not ours.
  }
  throw invalidRequest([{ pointer: "/query/cursor", code: "invalid-format" }]);
}
