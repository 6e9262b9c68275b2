import { Problem } from "../problem.ts";

/** What an envelope's bytes are to whoever sealed them, and will be to whoever opens it. */
export type ContentKind = "data" | "text" | "bytes";

/** What is sealed. */
export interface Content {
  readonly kind: ContentKind;
  readonly bytes: Uint8Array;
}

/**
 * A JSON value as it was written. It is sealed as text and never as a parsed value, which would round
 * long integers and decimals, lose `-0` and trailing zeros, and reorder names that look like integers.
 * @param json text that `JSON.parse` has accepted (RFC 8259)
 * @throws Problem `invalid-request` as `textContent`
 */
export const dataContent = (json: string): Content => ({ kind: "data", bytes: toUtf8(json) });

/**
 * Text, sealed as UTF-8.
 * @throws Problem `invalid-request` for a lone surrogate, which UTF-8 cannot carry
 */
export const textContent = (text: string): Content => ({ kind: "text", bytes: toUtf8(text) });

export const bytesContent = (bytes: Uint8Array): Content => ({ kind: "bytes", bytes });

function toUtf8(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  throw new Problem("invalid-request", { detail: "A lone surrogate has no UTF-8 form." });
}

/** The body that answers an opened envelope: `data`, `text` or `bytes`, as it was sent to be sealed. */
export function contentText({ bytes, kind }: Content): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === "data") return `{"data":${buffer.toString()}}`;
  return JSON.stringify({ [kind]: buffer.toString(kind === "text" ? "utf8" : "base64url") });
}
