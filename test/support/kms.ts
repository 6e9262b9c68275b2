import { join } from "node:path";
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { credentials, region } from "../../local/aws-account.ts";
import { startKms } from "../../local/kms/start-kms.ts";

export const plaintext = Buffer.from("licence 4711");
export const context = { tenant: "mfr_a", purpose: "data" };

export type KmsUnderTest = Awaited<ReturnType<typeof startKmsUnderTest>>;

/** The local KMS on the key file of a directory, behind the real client. */
export async function startKmsUnderTest(now: () => number, directory: string) {
  const kms = await startKms(now, join(directory, "keys.json"));
  const client = new KMSClient({ endpoint: kms.url, region, credentials });
  return {
    client,
    close: async (): Promise<void> => {
      client.destroy();
      await kms.close();
    },
    createKey: async (): Promise<string> =>
      (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "",
    encrypt: async (KeyId: string, Plaintext: Uint8Array = plaintext): Promise<Uint8Array> =>
      (await client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: context })))
        .CiphertextBlob ?? new Uint8Array(),
    decrypt: (CiphertextBlob: Uint8Array, EncryptionContext: Record<string, string> = context) =>
      client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })),
  };
}
