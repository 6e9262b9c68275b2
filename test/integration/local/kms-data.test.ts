import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
  DecryptCommand,
  DryRunOperationException,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  ListAliasesCommand,
  ReEncryptCommand,
  UnsupportedOperationException,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KmsUnderTest } from "../../support/kms.ts";
import { context, plaintext, startKmsUnderTest } from "../../support/kms.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let kms: KmsUnderTest;

beforeEach(async () => {
  kms = await startKmsUnderTest(Date.now, temporaryDirectory());
});

afterEach(() => kms.close());

describe("encryption", () => {
  test("gives back the plaintext under the same context, in whatever order it is written", async () => {
    const keyArn = await kms.createKey();
    const { Plaintext, KeyId, KeyMaterialId } = await kms.decrypt(await kms.encrypt(keyArn), {
      purpose: "data",
      tenant: "mfr_a",
    });
    expect(Buffer.from(Plaintext ?? [])).toEqual(plaintext);
    expect(KeyId).toBe(keyArn);
    expect(KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
  });

  test("refuses another context, a missing one and a longer one", async () => {
    const blob = await kms.encrypt(await kms.createKey());
    for (const other of [{ ...context, tenant: "mfr_b" }, {}, { ...context, more: "x" }]) {
      await expect(kms.decrypt(blob, other)).rejects.toBeInstanceOf(InvalidCiphertextException);
    }
  });

  test("refuses a blob with any single bit changed, cut short or empty", async () => {
    const blob = Buffer.from(await kms.encrypt(await kms.createKey()));
    for (let index = 0; index < blob.length; index += 1) {
      const changed = Buffer.from(blob);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(kms.decrypt(changed)).rejects.toBeInstanceOf(InvalidCiphertextException);
    }
    await expect(kms.decrypt(blob.subarray(0, -1))).rejects.toBeInstanceOf(
      InvalidCiphertextException,
    );
    await expect(kms.decrypt(blob.subarray(0, 40))).rejects.toBeInstanceOf(
      InvalidCiphertextException,
    );
  });

  test("refuses to decrypt with another key than the caller named", async () => {
    const blob = await kms.encrypt(await kms.createKey());
    const other = await kms.createKey();
    const command = new DecryptCommand({
      CiphertextBlob: blob,
      EncryptionContext: context,
      KeyId: other,
    });
    await expect(kms.client.send(command)).rejects.toBeInstanceOf(IncorrectKeyException);
  });

  test("takes 4,096 bytes and not one more", async () => {
    const keyArn = await kms.createKey();
    const { Plaintext } = await kms.decrypt(await kms.encrypt(keyArn, new Uint8Array(4096)));
    expect(Plaintext).toHaveLength(4096);
    await expect(kms.encrypt(keyArn, new Uint8Array(4097))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("moves a ciphertext to another key and context without showing the plaintext", async () => {
    const [from, to] = [await kms.createKey(), await kms.createKey()];
    const answer = await kms.client.send(
      new ReEncryptCommand({
        CiphertextBlob: await kms.encrypt(from),
        SourceEncryptionContext: context,
        DestinationKeyId: to,
        DestinationEncryptionContext: { tenant: "mfr_b" },
      }),
    );
    expect(answer).toMatchObject({ SourceKeyId: from, KeyId: to });
    expect(JSON.stringify(answer)).not.toContain(plaintext.toString("base64"));
    const moved = answer.CiphertextBlob ?? new Uint8Array();
    const { Plaintext } = await kms.decrypt(moved, { tenant: "mfr_b" });
    expect(Buffer.from(Plaintext ?? [])).toEqual(plaintext);
    await expect(kms.decrypt(moved)).rejects.toBeInstanceOf(InvalidCiphertextException);
  });

  test("answers a dry run with its own error", async () => {
    const command = new EncryptCommand({
      KeyId: await kms.createKey(),
      Plaintext: plaintext,
      DryRun: true,
    });
    await expect(kms.client.send(command)).rejects.toBeInstanceOf(DryRunOperationException);
  });
});

describe("data keys", () => {
  test("are fresh, of the asked length, and wrapped under the context", async () => {
    const KeyId = await kms.createKey();
    const make = (size: { KeySpec: "AES_128" | "AES_256" } | { NumberOfBytes: number }) =>
      kms.client.send(new GenerateDataKeyCommand({ KeyId, EncryptionContext: context, ...size }));
    const [first, second, short, odd] = await Promise.all([
      make({ KeySpec: "AES_256" }),
      make({ KeySpec: "AES_256" }),
      make({ KeySpec: "AES_128" }),
      make({ NumberOfBytes: 7 }),
    ]);
    expect([first, short, odd].map(({ Plaintext }) => Plaintext?.length)).toEqual([32, 16, 7]);
    expect(first.Plaintext).not.toEqual(second.Plaintext);
    const { Plaintext } = await kms.decrypt(first.CiphertextBlob ?? new Uint8Array());
    expect(Plaintext).toEqual(first.Plaintext);
  });

  test("without plaintext carry none", async () => {
    const KeyId = await kms.createKey();
    const answer = await kms.client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256" }),
    );
    expect(answer).not.toHaveProperty("Plaintext");
    expect(
      (await kms.decrypt(answer.CiphertextBlob ?? new Uint8Array(), {})).Plaintext,
    ).toHaveLength(32);
  });

  test("need a length, and one only", async () => {
    const KeyId = await kms.createKey();
    for (const size of [{}, { KeySpec: "AES_256", NumberOfBytes: 32 } as const]) {
      await expect(
        kms.client.send(new GenerateDataKeyCommand({ KeyId, ...size })),
      ).rejects.toMatchObject({ name: "ValidationException" });
    }
  });

  test("in pairs sign and verify on P-256, the private half wrapped", async () => {
    const KeyId = await kms.createKey();
    const pair = await kms.client.send(
      new GenerateDataKeyPairWithoutPlaintextCommand({
        KeyId,
        KeyPairSpec: "ECC_NIST_P256",
        EncryptionContext: context,
      }),
    );
    expect(pair).not.toHaveProperty("PrivateKeyPlaintext");
    const { Plaintext } = await kms.decrypt(pair.PrivateKeyCiphertextBlob ?? new Uint8Array());
    const privateKey = createPrivateKey({
      key: Buffer.from(Plaintext ?? []),
      format: "der",
      type: "pkcs8",
    });
    const publicKey = createPublicKey({
      key: Buffer.from(pair.PublicKey ?? []),
      format: "der",
      type: "spki",
    });
    expect(publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
    expect(verify("sha256", plaintext, publicKey, sign("sha256", plaintext, privateKey))).toBe(
      true,
    );

    const shown = await kms.client.send(
      new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" }),
    );
    expect(shown.PrivateKeyPlaintext?.length).toBeGreaterThan(100);
    await expect(
      kms.client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "RSA_2048" })),
    ).rejects.toBeInstanceOf(UnsupportedOperationException);
  });
});

test("an operation it does not have is refused, not imitated", async () => {
  await expect(kms.client.send(new ListAliasesCommand({}))).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});
