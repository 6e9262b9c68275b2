import { randomBytes } from "node:crypto";
import type { Contender } from "./contender.ts";

/** The part of @aws-crypto/client-node that is used here; it is no dependency of this project. */
interface EncryptionSdk {
  readonly CommitmentPolicy: { readonly REQUIRE_ENCRYPT_REQUIRE_DECRYPT: string };
  readonly AlgorithmSuiteIdentifier: Readonly<Record<string, number>>;
  readonly RawAesWrappingSuiteIdentifier: Readonly<Record<string, number>>;
  readonly RawAesKeyringNode: new (options: Record<string, unknown>) => object;
  buildClient(policy: string): {
    encrypt(keyring: object, data: Uint8Array, options: object): Promise<{ result: Uint8Array }>;
    decrypt(keyring: object, data: Uint8Array): Promise<{ plaintext: Uint8Array }>;
  };
}

// Named in a variable, so that type checking does not need the package.
const packageName: string = "@aws-crypto/client-node";

/**
 * The AWS Encryption SDK for JavaScript with a local key and its fastest suite that commits to the
 * key (no signature); absent where it is not installed.
 */
export async function awsEncryptionSdk(): Promise<
  ((plaintext: Uint8Array) => Promise<Contender>) | undefined
> {
  const sdk: EncryptionSdk | undefined = await import(packageName).catch(() => undefined);
  if (sdk === undefined) return undefined;
  const keyring = new sdk.RawAesKeyringNode({
    keyName: "key",
    keyNamespace: "bench",
    unencryptedMasterKey: randomBytes(32),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier["AES256_GCM_IV12_TAG16_NO_PADDING"],
  });
  const client = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const suiteId = sdk.AlgorithmSuiteIdentifier["ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY"];
  return async (plaintext) => {
    const seal = () =>
      client.encrypt(keyring, plaintext, { suiteId, encryptionContext: { manufacturer: "mfr" } });
    const sealed = await seal();
    return {
      name: "AWS Encryption SDK, committing, no signature",
      seal,
      open: () => client.decrypt(keyring, sealed.result),
    };
  };
}
