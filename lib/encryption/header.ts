import type { Envelope } from "./envelope.ts";

/** First bytes of everything that is hashed, so that no other protocol can yield the same input. */
export const domain = "manufacturer-envelope/1";

export type EnvelopeHeader = Omit<Envelope, "salt" | "iv" | "commitment" | "tag" | "ciphertext">;

const prefix = Buffer.from(domain);
const lengthBytes = 4;
/** Of one UTF-16 code unit; a pair of them takes four bytes. */
const utf8BytesMax = 3;

/**
 * The one byte string a header stands for: the domain, the number of pairs, then every name and
 * value, each after its length in bytes (32-bit big-endian), names in the order of their UTF-8
 * bytes. It does not lean on JSON text, whose key order and escapes vary between writers.
 */
export function canonicalHeader(header: EnvelopeHeader): Buffer {
  const texts = headerTexts(header);
  let sizeMax = prefix.length + lengthBytes;
  for (const text of texts) sizeMax += lengthBytes + text.length * utf8BytesMax;
  const output = Buffer.allocUnsafe(sizeMax);
  output.set(prefix);
  let offset = output.writeUInt32BE(texts.length / 2, prefix.length);
  for (const text of texts) {
    const size = output.write(text, offset + lengthBytes);
    output.writeUInt32BE(size, offset);
    offset += lengthBytes + size;
  }
  return output.subarray(0, offset);
}

/** The one byte string that the pairs of a context stand for, whatever order they come in. */
export const canonicalContext = (context: EnvelopeHeader["context"]): Buffer =>
  Buffer.concat(
    contextTexts(context).flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.allocUnsafe(lengthBytes);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );

/**
 * Names and values in turn. Already sorted: fixed names stand in order here, and `context.` sorts
 * before `keyId`. JSON, which was all that the first envelopes held, is named by no `content`.
 */
function headerTexts(header: EnvelopeHeader): string[] {
  const { content } = header;
  return [
    "algorithm",
    header.algorithm,
    ...(content === undefined ? [] : ["content", content]),
    ...contextTexts(header.context),
    "keyId",
    header.keyId,
    "manufacturerId",
    header.manufacturerId,
    "region",
    header.region,
    "timestamp",
    header.timestamp,
    "version",
    header.version,
  ];
}

function contextTexts(context: EnvelopeHeader["context"]): string[] {
  return Object.entries(context)
    .map(([name, value]) => ({ bytes: Buffer.from(name), name, value }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .flatMap(({ name, value }) => [`context.${name}`, value]);
}
