import type { Envelope } from "./envelope.ts";

/** First bytes of everything that is hashed, so that no other protocol can yield the same input. */
export const domain = "manufacturer-envelope/1";

export type EnvelopeHeader = Omit<Envelope, "salt" | "iv" | "commitment" | "tag" | "ciphertext">;

const prefix = Buffer.from(domain);
const lengthBytes = 4;

/**
 * The one byte string a header stands for: the domain, the number of pairs, then every name and
 * value, each after its length in bytes (32-bit big-endian), names in the order of their UTF-8
 * bytes. It does not lean on JSON text, whose key order and escapes vary between writers.
 */
export function canonicalHeader(header: EnvelopeHeader): Buffer {
  const texts = headerPairs(header).flat();
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const total = sizes.reduce((sum, size) => sum + lengthBytes + size, prefix.length + lengthBytes);
  const output = Buffer.allocUnsafe(total);
  output.set(prefix);
  let offset = output.writeUInt32BE(texts.length / 2, prefix.length);
  for (const [index, text] of texts.entries()) {
    offset = output.writeUInt32BE(sizes[index] ?? 0, offset);
    offset += output.write(text, offset);
  }
  return output;
}

/** Already sorted: fixed names stand in order here, and `context.` sorts between the first two. */
function headerPairs(header: EnvelopeHeader): [name: string, value: string][] {
  return [
    ["algorithm", header.algorithm],
    ...contextPairs(header.context),
    ["keyId", header.keyId],
    ["manufacturerId", header.manufacturerId],
    ["region", header.region],
    ["timestamp", header.timestamp],
    ["version", header.version],
  ];
}

function contextPairs(context: EnvelopeHeader["context"]): [name: string, value: string][] {
  return Object.entries(context)
    .map(([name, value]) => ({ bytes: Buffer.from(name), name, value }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .map(({ name, value }) => [`context.${name}`, value]);
}
