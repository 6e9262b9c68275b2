import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { Problem } from "../problem.ts";
import { findRepeatedKey } from "./find-repeated-key.ts";
import { toPointer } from "./pointer.ts";

const bodyBytesMaxDefault = 1024 * 1024;
const depthMax = 64;
const valuesMax = 100_000;
/** Keeps a byte order mark, which JSON may not begin with (RFC 8259 section 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the event's body as JSON and refuses what no operation can mean: too many bytes, another
 * media type or charset, malformed UTF-8 or JSON, a byte order mark, a key twice in one object, nesting beyond 64 levels, more than 100,000 values, numbers
 * beyond a double's range, strings that are not well-formed Unicode.
 *
 * @throws Problem `unsupported-media-type`, `body-too-large`, `malformed-json`, `invalid-request`
 */
export function readJsonBody(
  event: Pick<APIGatewayProxyEventV2, "body" | "headers" | "isBase64Encoded">,
  bytesMax = bodyBytesMaxDefault,
): unknown {
  if (event.body === undefined || event.body === "") {
    throw new Problem("malformed-json", {
      detail: "The operation needs a JSON body; none was sent.",
    });
  }
  assertJson(event.headers["content-type"] ?? "");
  const bytes = Buffer.from(event.body, encodingOf(event));
  if (bytes.length > bytesMax) {
    throw new Problem("body-too-large", {
      detail: `The body has ${bytes.length} bytes; at most ${bytesMax} are accepted.`,
      extra: { bytesMax },
    });
  }
  const text = decode(bytes);
  const value = parse(text);
  refuseUnrepresentable(value);
  const path = findRepeatedKey(text);
  if (path) throw refusedAt(path, "repeated-key");
  return value;
}

function assertJson(contentType: string): void {
  const [mediaType = "", ...parameters] = contentType.toLowerCase().split(";");
  const charsets = parameters
    .map((parameter) => parameter.trim().split("="))
    .filter(([name]) => name === "charset")
    .map(([, value = ""]) => value.replaceAll('"', ""));
  if (mediaType.trim() === "application/json" && charsets.every((name) => name === "utf-8")) return;
  throw new Problem("unsupported-media-type", {
    detail: "Send the body in UTF-8 with content-type: application/json.",
  });
}

/** The text that `readJsonBody` reads, as it was sent. */
export function bodyText(event: Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">): string {
  const { body = "" } = event;
  return event.isBase64Encoded ? Buffer.from(body, encodingOf(event)).toString() : body;
}

const encodingOf = ({ isBase64Encoded }: { isBase64Encoded: boolean }): "base64" | "utf8" =>
  isBase64Encoded ? "base64" : "utf8";

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw malformedJson(error);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformedJson(error);
  }
}

/** The parser's message quotes the input, so it is not passed on. */
const malformedJson = (cause: unknown): Problem =>
  new Problem("malformed-json", {
    detail: "The body is not well-formed UTF-8 JSON without a byte order mark (RFC 8259).",
    cause,
  });

/** A value and the way to it, as a chain: paths are built only for a value that is refused. */
interface Visit {
  value: unknown;
  key: string | number;
  parent: Visit | undefined;
  depth: number;
}

/** Walks with an explicit stack: recursion depth would be the sender's choice. */
function refuseUnrepresentable(root: unknown): void {
  const pending: Visit[] = [{ value: root, key: "", parent: undefined, depth: 0 }];
  let visits = 0;
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const { value, depth } = visit;
    if (++visits > valuesMax) throw refused(undefined, "too-many-values");
    if (depth > depthMax) throw refused(undefined, "too-deep");
    if (typeof value === "number" && !Number.isFinite(value)) throw refused(visit, "out-of-range");
    if (typeof value === "string" && !value.isWellFormed()) {
      throw refused(visit, "malformed-unicode");
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (typeof key === "string" && !key.isWellFormed()) throw refused(visit, "malformed-unicode");
      pending.push({ value: item, key, parent: visit, depth: depth + 1 });
    }
  }
}

function refused(visit: Visit | undefined, code: string): Problem {
  const path: (string | number)[] = [];
  for (let step = visit; step?.parent; step = step.parent) path.unshift(step.key);
  return refusedAt(path, code);
}

function refusedAt(path: readonly (string | number)[], code: string): Problem {
  return new Problem("invalid-request", {
    detail: `A value in the body is refused: ${code}.`,
    extra: { errors: [{ pointer: `/body${toPointer(path)}`, code }] },
  });
}
