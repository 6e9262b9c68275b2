import * as z from "zod/mini";
import { toPointer } from "../http/pointer.ts";
import { Problem } from "../problem.ts";
import { keyIdPattern } from "./key-id.ts";

const contextPairsMax = 16;
const contextTextMax = 1_024;

/**
 * Plaintext of one envelope, and its context as JSON: the envelope, and its context once more, then
 * still fit a request body of 2 MiB.
 */
export const plaintextBytesMax = 1_500_000;
export const contextBytesMax = 16 * 1_024;
const ciphertextCharactersMax = Math.ceil((plaintextBytesMax * 4) / 3);

/** A lone surrogate has no UTF-8 form: two such texts would stand for the same bytes. */
const WellFormed = z.string().check(
  z.maxLength(contextTextMax),
  z.refine((text) => text.isWellFormed()),
);

/**
 * Pairs sealed with the data, which must be the same when it is opened. They are stored in the
 * clear: ids, never secrets.
 */
export const EnvelopeContext = z
  .record(WellFormed, WellFormed)
  .check(z.refine((context) => Object.keys(context).length <= contextPairsMax));

/**
 * The same in a request. A record leaves the name `__proto__` out without a word; whoever bound data
 * to it would not have bound it at all, so it is refused.
 */
export const RequestContext = z
  .pipe(
    z.unknown().check(
      z.refine((context) => !hasPrototypeName(context), {
        path: ["__proto__"],
        params: { code: "not-allowed" },
      }),
    ),
    EnvelopeContext,
  )
  .register(z.globalRegistry, {
    type: "object",
    additionalProperties: { type: "string", maxLength: contextTextMax },
  });

const hasPrototypeName = (context: unknown): boolean =>
  typeof context === "object" && context !== null && Object.hasOwn(context, "__proto__");

// base64url of whole bytes has one spelling only: unused bits of the last character are zero.
const ThirtyTwoBytes = z.string().check(z.regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/));
const SixteenBytes = z.string().check(z.regex(/^[\w-]{21}[AQgw]$/));
const TwelveBytes = z.string().check(z.regex(/^[\w-]{16}$/));

/**
 * A sealed document that says how to open it. All values are text; bytes are base64url without
 * padding. Everything up to `context` is authenticated; `commitment` fixes key and header.
 */
export const Envelope = z.strictObject({
  version: z.literal("1"),
  algorithm: z.enum(["AES-256-GCM", "ChaCha20-Poly1305"]),
  manufacturerId: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  keyId: z.string().check(z.regex(keyIdPattern)),
  region: z.string().check(z.regex(/^[a-z0-9-]{1,32}$/)),
  timestamp: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
  /** What the ciphertext holds; absent where it is JSON. */
  content: z.optional(z.enum(["text", "bytes"])),
  context: EnvelopeContext,
  salt: ThirtyTwoBytes,
  iv: TwelveBytes,
  commitment: ThirtyTwoBytes,
  tag: SixteenBytes,
  ciphertext: z.string().check(z.maxLength(ciphertextCharactersMax)),
});

export type Envelope = Readonly<z.infer<typeof Envelope>>;

/**
 * Reads an envelope of unknown origin.
 * @throws Problem `envelope-malformed`, with the places in `extra.errors`
 */
export function parseEnvelope(input: unknown): Envelope {
  const result = Envelope.safeParse(input);
  if (!result.success) {
    const errors = result.error.issues.map(({ code, path }) => ({
      pointer: toPointer(path),
      code,
    }));
    throw new Problem("envelope-malformed", { extra: { errors } });
  }
  rejectPrototypeNames(input);
  return result.data;
}

/** As in `RequestContext`. */
function rejectPrototypeNames(input: unknown): void {
  const { context } = input as { context: unknown };
  if (hasPrototypeName(context)) {
    throw new Problem("envelope-malformed", {
      extra: { errors: [{ pointer: "/context/__proto__", code: "invalid_key" }] },
    });
  }
}

/**
 * An envelope of our own as JSON. The ciphertext is base64url, which needs no escapes, and is put in
 * as it is: at 64 KiB that takes a third of the time of `JSON.stringify`.
 */
export function envelopeText({ ciphertext, ...small }: Envelope): string {
  return `${JSON.stringify(small).slice(0, -1)},"ciphertext":"${ciphertext}"}`;
}

/** Bytes as an envelope spells them (RFC 4648 section 5, without padding). */
export function encodeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** Reads a field whose one spelling the schema has checked already. */
export function decodeField(text: string): Buffer {
  return Buffer.from(text, "base64url");
}

/**
 * Characters that Node's decoder reads although base64url has none of them: those of plain base64,
 * and wide ones, of which it looks at the low byte alone.
 */
const misreadCharacters = /[+/\u0100-\uffff]/;
/** By the characters left over after the last group of four: unused bits of the last one are zero. */
const lastCharacters: readonly (RegExp | undefined)[] = [
  undefined,
  /(?!)/,
  /[AQgw]$/,
  /[AEIMQUYcgkosw048]$/,
];

/**
 * Reads base64url strictly, or not at all: a text that another text could stand for is refused, so that an envelope
 * cannot be altered without its bytes being altered. Every other foreign character is skipped by the
 * decoder and shows as a byte too few, so the text need not be encoded again to prove it.
 */
export function decodeBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  const isOnlySpelling =
    bytes.length === Math.floor((text.length * 3) / 4) &&
    !misreadCharacters.test(text) &&
    (lastCharacters[text.length % 4]?.test(text.slice(-1)) ?? true);
  return isOnlySpelling ? bytes : undefined;
}
