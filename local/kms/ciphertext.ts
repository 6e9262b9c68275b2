import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError } from "../aws-json-server.ts";
import type { KeyMaterial, KmsKey } from "./kms-key.ts";
import { currentMaterial } from "./kms-key.ts";

/** Public names and values bound to a ciphertext; decryption needs exactly the same ones. */
export type EncryptionContext = Readonly<Record<string, string>>;

const algorithm = "aes-256-gcm";
const formatVersion = 1;
const ivBytes = 12;
const tagBytes = 16;
/** Version, key id (UUID), key material id. */
const headerBytes = 1 + 16 + 32;

/**
 * AES-256-GCM (NIST SP 800-38D) under the key's newest material. The blob is
 * `version | key id | material id | IV | tag | ciphertext`: it names what decrypts it, and all of
 * its header is authenticated together with the encryption context.
 */
export function encrypt(key: KmsKey, plaintext: Buffer, context: EncryptionContext): Buffer {
  const material = currentMaterial(key);
  const header = Buffer.concat([
    Buffer.of(formatVersion),
    Buffer.from(key.id.replaceAll("-", ""), "hex"),
    Buffer.from(material.id, "hex"),
  ]);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, secretOf(material), iv);
  cipher.setAAD(additionalData(header, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), ciphertext]);
}

/** @throws InvalidCiphertextException when the blob is not one of ours */
export function keyIdOf(blob: Buffer): string {
  if (blob.length < headerBytes + ivBytes + tagBytes || blob[0] !== formatVersion)
    throw invalidCiphertext();
  return blob.toString("hex", 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * @throws InvalidCiphertextException when the blob or the context is not what was encrypted; AWS
 *   does not say which either
 */
export function decrypt(
  key: KmsKey,
  blob: Buffer,
  context: EncryptionContext,
): { plaintext: Buffer; materialId: string } {
  const materialId = blob.toString("hex", 17, headerBytes);
  const material = key.materials.find(({ id }) => id === materialId);
  if (!material) throw invalidCiphertext();
  const iv = blob.subarray(headerBytes, headerBytes + ivBytes);
  const tag = blob.subarray(headerBytes + ivBytes, headerBytes + ivBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, secretOf(material), iv);
  decipher.setAAD(additionalData(blob.subarray(0, headerBytes), context));
  decipher.setAuthTag(tag);
  try {
    const ciphertext = blob.subarray(headerBytes + ivBytes + tagBytes);
    return {
      plaintext: Buffer.concat([decipher.update(ciphertext), decipher.final()]),
      materialId,
    };
  } catch {
    throw invalidCiphertext();
  }
}

const secretOf = (material: KeyMaterial): Buffer => Buffer.from(material.secret, "base64");

/** Pairs in code unit order: the order in which a caller wrote them must not matter. */
const additionalData = (header: Buffer, context: EncryptionContext): Buffer =>
  Buffer.concat([
    header,
    Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)))),
  ]);

/** AWS sends this one without a message. */
export const invalidCiphertext = (): AwsError => new AwsError("InvalidCiphertextException");
