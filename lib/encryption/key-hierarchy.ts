import type { KMSClient } from "@aws-sdk/client-kms";
import { DecryptCommand, GenerateDataKeyWithoutPlaintextCommand } from "@aws-sdk/client-kms";
import type { ProblemCode } from "../problem.ts";
import { Problem, problems } from "../problem.ts";
import { keyBytes } from "./authenticated-encryption.ts";
import type { KeyPurpose } from "./key-id.ts";

/** Whom a wrapped key belongs to. KMS binds it to the key and writes it to CloudTrail: ids only. */
export interface KeyIdentity {
  readonly manufacturerId: string;
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  readonly region: string;
}

export interface WrappedKey {
  readonly wrappedKey: Uint8Array;
  readonly kmsKeyArn: string;
}

/** The top of the key hierarchy: manufacturer keys, wrapped by one KMS key of one region. */
export interface KeyHierarchy {
  readonly region: string;
  /**
   * Has KMS make a 256-bit key and return only its wrapped form, so that creating a key needs no
   * right to read one.
   * @throws Problem `kms-denied`, `kms-throttled`, `kms-unavailable`
   */
  generate(identity: KeyIdentity): Promise<WrappedKey>;
  /**
   * Unwraps a key. The caller owns the bytes and clears them.
   * @throws Problem `ciphertext-tampered` (the wrapped key is not this identity's),
   * `residency-violation` (wrapped in another region), `kms-denied`, `kms-throttled`, `kms-unavailable`
   */
  unwrap(identity: KeyIdentity, wrapped: WrappedKey): Promise<Uint8Array>;
}

/**
 * @param kmsKeyArn ARN of a single-Region symmetric key; new keys are wrapped by it
 * @throws Problem `residency-violation` when the ARN is not of `region`
 */
export function createKeyHierarchy(options: {
  readonly kms: KMSClient;
  readonly kmsKeyArn: string;
  readonly application: string;
  readonly region: string;
}): KeyHierarchy {
  const { kms, kmsKeyArn, region } = options;
  requireRegion(kmsKeyArn, region);
  const contextOf = (identity: KeyIdentity): Record<string, string> => ({
    app: options.application,
    mid: identity.manufacturerId,
    kid: identity.keyId,
    region: identity.region,
    purpose: identity.purpose,
  });
  return {
    region,
    async generate(identity) {
      const command = new GenerateDataKeyWithoutPlaintextCommand({
        KeyId: kmsKeyArn,
        KeySpec: "AES_256",
        EncryptionContext: contextOf(identity),
      });
      const { CiphertextBlob } = await kms.send(command).catch(throwProblem);
      if (CiphertextBlob === undefined) throw new Problem("kms-unavailable");
      return { wrappedKey: CiphertextBlob, kmsKeyArn };
    },
    async unwrap(identity, wrapped) {
      requireRegion(wrapped.kmsKeyArn, region);
      const command = new DecryptCommand({
        // Named, so that a blob wrapped by a stranger's key is refused instead of opened.
        KeyId: wrapped.kmsKeyArn,
        CiphertextBlob: wrapped.wrappedKey,
        EncryptionContext: contextOf(identity),
      });
      const { Plaintext } = await kms.send(command).catch(throwProblem);
      if (Plaintext?.byteLength !== keyBytes) throw new Problem("kms-unavailable");
      return Plaintext;
    },
  };
}

/** The region is the fourth part of an ARN. */
function requireRegion(arn: string, region: string): void {
  if (arn.split(":")[3] === region) return;
  throw new Problem("residency-violation", { detail: `the KMS key is not in ${region}` });
}

/** By name rather than class: names are the wire contract, and retries may wrap the error. */
const codesByName: Readonly<Record<string, ProblemCode>> = {
  AccessDeniedException: "kms-denied",
  DisabledException: "kms-denied",
  InvalidGrantTokenException: "kms-denied",
  InvalidKeyUsageException: "kms-denied",
  KMSInvalidStateException: "kms-denied",
  NotFoundException: "kms-denied",
  IncorrectKeyException: "ciphertext-tampered",
  InvalidCiphertextException: "ciphertext-tampered",
  LimitExceededException: "kms-throttled",
  RequestLimitExceeded: "kms-throttled",
  ThrottlingException: "kms-throttled",
};

/** KMS refills its quota every second; after this long a client does not add to the crowd at once. */
const retryAfterSeconds = "2";

/** Everything unknown (time-outs, lost connections, internal errors) may pass: `kms-unavailable`. */
function throwProblem(error: unknown): never {
  const code = (error instanceof Error && codesByName[error.name]) || "kms-unavailable";
  const headers = problems[code].retryable ? { "retry-after": retryAfterSeconds } : {};
  throw new Problem(code, { cause: error, headers });
}
