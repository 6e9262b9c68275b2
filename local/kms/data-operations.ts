import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { AwsError } from "../aws-json-server.ts";
import type { EncryptionContext } from "./ciphertext.ts";
import { decrypt, encrypt, invalidCiphertext, keyIdOf } from "./ciphertext.ts";
import type { KeyRing } from "./key-ring.ts";
import type { KmsKey } from "./kms-key.ts";
import { currentMaterial, isDestroyed, keyArn, requireEnabled } from "./kms-key.ts";
import type { KmsOperations } from "./kms-operation.ts";
import { kmsOperation } from "./kms-operation.ts";

const algorithm = "SYMMETRIC_DEFAULT";
const plaintextBytesMax = 4096;

const Blob = z.pipe(
  z.base64(),
  z.transform((text: string) => Buffer.from(text, "base64")),
);
const Context = z._default(z.record(z.string(), z.string()), {});
const Algorithm = z.optional(z.literal(algorithm));

const DataKeyRequest = z.object({
  KeyId: z.string(),
  EncryptionContext: Context,
  KeySpec: z.optional(z.enum(["AES_128", "AES_256"])),
  NumberOfBytes: z.optional(z.int().check(z.minimum(1), z.maximum(1024))),
});

const DataKeyPairRequest = z.object({
  KeyId: z.string(),
  EncryptionContext: Context,
  KeyPairSpec: z.string(),
});

/** Operations that encrypt, decrypt and make data keys. */
export function dataOperations(keyRing: KeyRing): KmsOperations {
  const useKey = (reference: string): KmsKey => requireEnabled(keyRing.find(reference));

  const open = (blob: Buffer, context: EncryptionContext, keyReference?: string) => {
    const key = keyRing.findById(keyIdOf(blob));
    if (!key) throw invalidCiphertext();
    if (keyReference !== undefined && keyRing.find(keyReference) !== key) throw incorrectKey();
    if (isDestroyed(key)) currentMaterial(key);
    return { key, ...decrypt(requireEnabled(key), blob, context) };
  };

  return {
    Encrypt: kmsOperation(
      z.object({
        KeyId: z.string(),
        Plaintext: Blob.check(z.refine(({ length }) => length >= 1 && length <= plaintextBytesMax)),
        EncryptionContext: Context,
        EncryptionAlgorithm: Algorithm,
      }),
      ({ KeyId, Plaintext, EncryptionContext }) => {
        const key = useKey(KeyId);
        return {
          CiphertextBlob: encrypt(key, Plaintext, EncryptionContext).toString("base64"),
          KeyId: keyArn(key.id),
          EncryptionAlgorithm: algorithm,
        };
      },
    ),
    Decrypt: kmsOperation(
      z.object({
        CiphertextBlob: Blob,
        KeyId: z.optional(z.string()),
        EncryptionContext: Context,
        EncryptionAlgorithm: Algorithm,
      }),
      ({ CiphertextBlob, KeyId, EncryptionContext }) => {
        const { key, plaintext, materialId } = open(CiphertextBlob, EncryptionContext, KeyId);
        return {
          Plaintext: plaintext.toString("base64"),
          KeyId: keyArn(key.id),
          EncryptionAlgorithm: algorithm,
          KeyMaterialId: materialId,
        };
      },
    ),
    ReEncrypt: kmsOperation(
      z.object({
        CiphertextBlob: Blob,
        SourceKeyId: z.optional(z.string()),
        SourceEncryptionContext: Context,
        DestinationKeyId: z.string(),
        DestinationEncryptionContext: Context,
      }),
      (input) => {
        const source = open(input.CiphertextBlob, input.SourceEncryptionContext, input.SourceKeyId);
        const key = useKey(input.DestinationKeyId);
        const blob = encrypt(key, source.plaintext, input.DestinationEncryptionContext);
        return {
          CiphertextBlob: blob.toString("base64"),
          SourceKeyId: keyArn(source.key.id),
          KeyId: keyArn(key.id),
          SourceEncryptionAlgorithm: algorithm,
          DestinationEncryptionAlgorithm: algorithm,
          SourceKeyMaterialId: source.materialId,
          DestinationKeyMaterialId: currentMaterial(key).id,
        };
      },
    ),
    GenerateDataKey: kmsOperation(DataKeyRequest, (input) => dataKey(useKey(input.KeyId), input)),
    GenerateDataKeyWithoutPlaintext: kmsOperation(DataKeyRequest, (input) => {
      const { Plaintext: _, ...output } = dataKey(useKey(input.KeyId), input);
      return output;
    }),
    GenerateDataKeyPair: kmsOperation(DataKeyPairRequest, (input) =>
      dataKeyPair(useKey(input.KeyId), input),
    ),
    GenerateDataKeyPairWithoutPlaintext: kmsOperation(DataKeyPairRequest, (input) => {
      const { PrivateKeyPlaintext: _, ...output } = dataKeyPair(useKey(input.KeyId), input);
      return output;
    }),
  };
}

function dataKey(
  key: KmsKey,
  { KeySpec, NumberOfBytes, EncryptionContext }: z.output<typeof DataKeyRequest>,
): Record<string, unknown> {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined))
    throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
  const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32));
  return {
    CiphertextBlob: encrypt(key, plaintext, EncryptionContext).toString("base64"),
    Plaintext: plaintext.toString("base64"),
    KeyId: keyArn(key.id),
    KeyMaterialId: currentMaterial(key).id,
  };
}

/** Private key as PKCS #8, public key as SubjectPublicKeyInfo, both DER. */
function dataKeyPair(
  key: KmsKey,
  { KeyPairSpec, EncryptionContext }: z.output<typeof DataKeyPairRequest>,
): Record<string, unknown> {
  if (KeyPairSpec !== "ECC_NIST_P256")
    throw new AwsError("UnsupportedOperationException", `${KeyPairSpec} is not supported locally.`);
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "der" },
    publicKeyEncoding: { type: "spki", format: "der" },
  });
  return {
    PrivateKeyCiphertextBlob: encrypt(key, privateKey, EncryptionContext).toString("base64"),
    PrivateKeyPlaintext: privateKey.toString("base64"),
    PublicKey: publicKey.toString("base64"),
    KeyId: keyArn(key.id),
    KeyPairSpec,
    KeyMaterialId: currentMaterial(key).id,
  };
}

const incorrectKey = (): AwsError =>
  new AwsError(
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
  );
