/**
 * Prints what sealing and opening cost, as ratios to bare AES-256-GCM, in one interleaved run:
 * our sealed bytes, our envelope (the same as text: base64url, and on opening its schema), jose's JWE
 * and the AWS Encryption SDK. JSON is counted apart. CPU time per operation, median of rounds.
 *
 *     npm install --prefix bench   (once, for the peers)
 *     node bench/encryption.ts
 */
import { randomBytes } from "node:crypto";
import { awsEncryptionSdk } from "./encryption/aws-encryption-sdk.ts";
import { bareCipher, bareCipherWithJson } from "./encryption/bare-cipher.ts";
import type { Contender } from "./encryption/contender.ts";
import { joseEncryption } from "./encryption/jose-encryption.ts";
import {
  ourEnvelope,
  ourEnvelopeAsText,
  ourEnvelopeWithJson,
  ourSealedBytes,
} from "./encryption/our-envelope.ts";
import { measureInterleaved } from "./measure.ts";

const sizes = [256, 4_096, 65_536, 1_048_576];

/** A JSON value of about `bytes` bytes: a list of orders, as a manufacturer would send. */
function createOrders(bytes: number): unknown {
  const orders = [];
  for (let size = 2; size < bytes; size += JSON.stringify(orders.at(-1)).length + 1) {
    const id = randomBytes(12).toString("hex");
    orders.push({ id, article: `part ${orders.length}`, amount: orders.length % 97, price: 12.5 });
  }
  return orders;
}

async function compare(
  title: string,
  contenders: readonly (Contender | undefined)[],
): Promise<void> {
  const present = contenders.filter((contender) => contender !== undefined);
  const figures = await measureInterleaved(present.flatMap(({ seal, open }) => [seal, open]));
  const [sealLimit = 0, openLimit = 0] = figures;
  console.log(`\n${title}`);
  for (const [index, { name }] of present.entries()) {
    const seal = figures[index * 2] ?? 0;
    const open = figures[index * 2 + 1] ?? 0;
    const column = (microseconds: number, limit: number): string =>
      `${microseconds.toFixed(1).padStart(10)} us ${(microseconds / limit).toFixed(2).padStart(8)}x`;
    console.log(
      `  ${name.padEnd(44)} seal ${column(seal, sealLimit)}   open ${column(open, openLimit)}`,
    );
  }
}

const encryptionSdk = await awsEncryptionSdk();
if (encryptionSdk === undefined) {
  console.log("skipped: @aws-crypto/client-node is not installed (npm install --prefix bench)");
}
for (const size of sizes) {
  const plaintext = randomBytes(size);
  await compare(`${size} bytes`, [
    bareCipher(plaintext),
    ourSealedBytes(plaintext),
    ourEnvelope(plaintext, "AES-256-GCM"),
    ourEnvelope(plaintext, "ChaCha20-Poly1305"),
    await joseEncryption(plaintext),
    encryptionSdk && (await encryptionSdk(plaintext)),
  ]);
}
for (const size of sizes) {
  const data = createOrders(size);
  await compare(`${size} bytes of JSON, from a value and back to it`, [
    bareCipherWithJson(data),
    await ourEnvelopeWithJson(data),
    await ourEnvelopeAsText(data),
  ]);
}
