import type { KMSClient } from "@aws-sdk/client-kms";
import {
  DecryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
} from "@aws-sdk/client-kms";

/**
 * Bound into a wrapped key by KMS: a blob copied to another purpose does not unwrap.
 * Visible in CloudTrail, so it holds ids only.
 */
export type EncryptionContext = Record<string, string>;

/** Makes and unwraps keys under one KMS key; no plaintext exists until something is used. */
export const wrappedKeys = (kms: KMSClient, kmsKeyArn: string) => ({
  /** A wrapped 256-bit key. */
  async generate(context: EncryptionContext): Promise<Uint8Array> {
    const { CiphertextBlob } = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({
        KeyId: kmsKeyArn,
        KeySpec: "AES_256",
        EncryptionContext: context,
      }),
    );
    return present(CiphertextBlob);
  },

  /** A P-256 pair: the public part in SPKI DER, the private part wrapped. */
  async generatePair(
    context: EncryptionContext,
  ): Promise<{ publicKey: Uint8Array; wrappedPrivateKey: Uint8Array }> {
    const { PublicKey, PrivateKeyCiphertextBlob } = await kms.send(
      new GenerateDataKeyPairWithoutPlaintextCommand({
        KeyId: kmsKeyArn,
        KeyPairSpec: "ECC_NIST_P256",
        EncryptionContext: context,
      }),
    );
    return { publicKey: present(PublicKey), wrappedPrivateKey: present(PrivateKeyCiphertextBlob) };
  },

  /** The plaintext key; fails unless the blob was wrapped under this KMS key with this context. */
  async unwrap(wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        KeyId: kmsKeyArn,
        CiphertextBlob: wrapped,
        EncryptionContext: context,
      }),
    );
    return present(Plaintext);
  },
});

export type WrappedKeys = ReturnType<typeof wrappedKeys>;

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (!bytes) throw new Error("KMS answered without key material");
  return bytes;
}
