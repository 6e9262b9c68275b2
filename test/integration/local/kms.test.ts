import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisabledException,
  DisableKeyCommand,
  DryRunOperationException,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyRotationStatusCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
  KMSInvalidStateException,
  ListAliasesCommand,
  NotFoundException,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UnsupportedOperationException,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { credentials, region } from "../../../local/aws-account.ts";
import { startKms } from "../../../local/kms/start-kms.ts";
import type { Listener } from "../../../local/listen.ts";

const dayMs = 86_400_000;
const plaintext = Buffer.from("licence 4711");
const context = { tenant: "mfr_a", purpose: "data" };

let nowMs: number;
let directory: string;
let kms: Listener;
let client: KMSClient;

const start = async () => {
  kms = await startKms(() => nowMs, join(directory, "keys.json"));
  client = new KMSClient({ endpoint: kms.url, region, credentials });
};

const stop = async () => {
  client.destroy();
  await kms.close();
};

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 24);
  directory = mkdtempSync(join(tmpdir(), "kms-"));
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true });
});

const createKey = async (): Promise<string> =>
  (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";

const encrypt = async (KeyId: string, Plaintext: Uint8Array = plaintext) =>
  (await client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: context })))
    .CiphertextBlob ?? new Uint8Array();

const decrypt = (CiphertextBlob: Uint8Array, EncryptionContext: Record<string, string> = context) =>
  client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));

describe("encryption", () => {
  test("gives back the plaintext under the same context, in whatever order it is written", async () => {
    const keyArn = await createKey();
    const { Plaintext, KeyId, KeyMaterialId } = await decrypt(await encrypt(keyArn), {
      purpose: "data",
      tenant: "mfr_a",
    });
    expect(Buffer.from(Plaintext ?? [])).toEqual(plaintext);
    expect(KeyId).toBe(keyArn);
    expect(KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
  });

  test("refuses another context, a missing one and a longer one", async () => {
    const blob = await encrypt(await createKey());
    for (const other of [{ ...context, tenant: "mfr_b" }, {}, { ...context, more: "x" }]) {
      await expect(decrypt(blob, other)).rejects.toBeInstanceOf(InvalidCiphertextException);
    }
  });

  test("refuses a blob with any single bit changed, cut short or empty", async () => {
    const blob = Buffer.from(await encrypt(await createKey()));
    for (let index = 0; index < blob.length; index += 1) {
      const changed = Buffer.from(blob);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(decrypt(changed)).rejects.toBeInstanceOf(InvalidCiphertextException);
    }
    await expect(decrypt(blob.subarray(0, -1))).rejects.toBeInstanceOf(InvalidCiphertextException);
    await expect(decrypt(blob.subarray(0, 40))).rejects.toBeInstanceOf(InvalidCiphertextException);
  });

  test("refuses to decrypt with another key than the caller named", async () => {
    const blob = await encrypt(await createKey());
    const other = await createKey();
    const command = new DecryptCommand({
      CiphertextBlob: blob,
      EncryptionContext: context,
      KeyId: other,
    });
    await expect(client.send(command)).rejects.toBeInstanceOf(IncorrectKeyException);
  });

  test("takes 4,096 bytes and not one more", async () => {
    const keyArn = await createKey();
    const { Plaintext } = await decrypt(await encrypt(keyArn, new Uint8Array(4096)));
    expect(Plaintext).toHaveLength(4096);
    await expect(encrypt(keyArn, new Uint8Array(4097))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("moves a ciphertext to another key and context without showing the plaintext", async () => {
    const [from, to] = [await createKey(), await createKey()];
    const answer = await client.send(
      new ReEncryptCommand({
        CiphertextBlob: await encrypt(from),
        SourceEncryptionContext: context,
        DestinationKeyId: to,
        DestinationEncryptionContext: { tenant: "mfr_b" },
      }),
    );
    expect(answer).toMatchObject({ SourceKeyId: from, KeyId: to });
    expect(JSON.stringify(answer)).not.toContain(plaintext.toString("base64"));
    const moved = answer.CiphertextBlob ?? new Uint8Array();
    const { Plaintext } = await decrypt(moved, { tenant: "mfr_b" });
    expect(Buffer.from(Plaintext ?? [])).toEqual(plaintext);
    await expect(decrypt(moved)).rejects.toBeInstanceOf(InvalidCiphertextException);
  });

  test("answers a dry run with its own error", async () => {
    const command = new EncryptCommand({
      KeyId: await createKey(),
      Plaintext: plaintext,
      DryRun: true,
    });
    await expect(client.send(command)).rejects.toBeInstanceOf(DryRunOperationException);
  });
});

describe("data keys", () => {
  test("are fresh, of the asked length, and wrapped under the context", async () => {
    const KeyId = await createKey();
    const make = (size: { KeySpec: "AES_128" | "AES_256" } | { NumberOfBytes: number }) =>
      client.send(new GenerateDataKeyCommand({ KeyId, EncryptionContext: context, ...size }));
    const [first, second, short, odd] = await Promise.all([
      make({ KeySpec: "AES_256" }),
      make({ KeySpec: "AES_256" }),
      make({ KeySpec: "AES_128" }),
      make({ NumberOfBytes: 7 }),
    ]);
    expect([first, short, odd].map(({ Plaintext }) => Plaintext?.length)).toEqual([32, 16, 7]);
    expect(first.Plaintext).not.toEqual(second.Plaintext);
    const { Plaintext } = await decrypt(first.CiphertextBlob ?? new Uint8Array());
    expect(Plaintext).toEqual(first.Plaintext);
  });

  test("without plaintext carry none", async () => {
    const KeyId = await createKey();
    const answer = await client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256" }),
    );
    expect(answer).not.toHaveProperty("Plaintext");
    expect((await decrypt(answer.CiphertextBlob ?? new Uint8Array(), {})).Plaintext).toHaveLength(
      32,
    );
  });

  test("need a length, and one only", async () => {
    const KeyId = await createKey();
    for (const size of [{}, { KeySpec: "AES_256", NumberOfBytes: 32 } as const]) {
      await expect(
        client.send(new GenerateDataKeyCommand({ KeyId, ...size })),
      ).rejects.toMatchObject({ name: "ValidationException" });
    }
  });

  test("in pairs sign and verify on P-256, the private half wrapped", async () => {
    const KeyId = await createKey();
    const pair = await client.send(
      new GenerateDataKeyPairWithoutPlaintextCommand({
        KeyId,
        KeyPairSpec: "ECC_NIST_P256",
        EncryptionContext: context,
      }),
    );
    expect(pair).not.toHaveProperty("PrivateKeyPlaintext");
    const { Plaintext } = await decrypt(pair.PrivateKeyCiphertextBlob ?? new Uint8Array());
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

    const shown = await client.send(
      new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" }),
    );
    expect(shown.PrivateKeyPlaintext?.length).toBeGreaterThan(100);
    await expect(
      client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "RSA_2048" })),
    ).rejects.toBeInstanceOf(UnsupportedOperationException);
  });
});

describe("keys", () => {
  test("are found by id, ARN, alias and alias ARN", async () => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: "platform" }));
    const { KeyId = "", Arn = "" } = KeyMetadata ?? {};
    await client.send(new CreateAliasCommand({ AliasName: "alias/platform", TargetKeyId: KeyId }));
    const aliasArn = Arn.replace(/key\/.*/, "alias/platform");
    for (const reference of [KeyId, Arn, "alias/platform", aliasArn]) {
      const answer = await client.send(new DescribeKeyCommand({ KeyId: reference }));
      expect(answer.KeyMetadata).toMatchObject({
        Arn,
        Description: "platform",
        KeyState: "Enabled",
        CreationDate: new Date(nowMs),
      });
    }
    for (const reference of ["alias/other", Arn.replace(/.$/, "x"), "x"]) {
      await expect(
        client.send(new DescribeKeyCommand({ KeyId: reference })),
      ).rejects.toBeInstanceOf(NotFoundException);
    }
  });

  test("keep decrypting what earlier material encrypted after a rotation", async () => {
    const KeyId = await createKey();
    const before = await encrypt(KeyId);
    await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    const [old, fresh] = [await decrypt(before), await decrypt(await encrypt(KeyId))];
    expect(old.Plaintext).toEqual(fresh.Plaintext);
    expect(old.KeyMaterialId).not.toBe(fresh.KeyMaterialId);
  });

  test("rotate by themselves once the period is over", async () => {
    const KeyId = await createKey();
    await client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    expect(await client.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
      NextRotationDate: new Date(nowMs + 90 * dayMs),
    });
    const before = await decrypt(await encrypt(KeyId));
    nowMs += 90 * dayMs;
    const after = await decrypt(await encrypt(KeyId));
    expect(after.KeyMaterialId).not.toBe(before.KeyMaterialId);
  });

  test("serve nothing while disabled and everything once enabled again", async () => {
    const KeyId = await createKey();
    const blob = await encrypt(KeyId);
    await client.send(new DisableKeyCommand({ KeyId }));
    await expect(decrypt(blob)).rejects.toBeInstanceOf(DisabledException);
    await expect(encrypt(KeyId)).rejects.toBeInstanceOf(DisabledException);
    await client.send(new EnableKeyCommand({ KeyId }));
    expect((await decrypt(blob)).Plaintext).toHaveLength(plaintext.length);
  });

  test("wait before they are destroyed, may be kept until then, and come back disabled", async () => {
    const KeyId = await createKey();
    const blob = await encrypt(KeyId);
    const { DeletionDate } = await client.send(
      new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }),
    );
    expect(DeletionDate).toEqual(new Date(nowMs + 7 * dayMs));
    await expect(decrypt(blob)).rejects.toBeInstanceOf(KMSInvalidStateException);
    await client.send(new CancelKeyDeletionCommand({ KeyId }));
    await expect(decrypt(blob)).rejects.toBeInstanceOf(DisabledException);
    await client.send(new EnableKeyCommand({ KeyId }));
    expect((await decrypt(blob)).Plaintext).toHaveLength(plaintext.length);
  });

  test("once destroyed decrypt nothing and leave no secret in the file", async () => {
    const KeyId = await createKey();
    const blob = await encrypt(KeyId);
    const secret = keyFile().keys[0]?.materials[0]?.secret ?? "";
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    nowMs += 7 * dayMs;
    await expect(decrypt(blob)).rejects.toBeInstanceOf(NotFoundException);
    expect(secret).not.toBe("");
    expect(JSON.stringify(keyFile())).not.toContain(secret);
  });

  test("survive a restart in a file that only its owner may read", async () => {
    const blob = await encrypt(await createKey());
    await stop();
    await start();
    expect(Buffer.from((await decrypt(blob)).Plaintext ?? [])).toEqual(plaintext);
    expect(statSync(join(directory, "keys.json")).mode & 0o777).toBe(0o600);
  });
});

test("an operation it does not have is refused, not imitated", async () => {
  await expect(client.send(new ListAliasesCommand({}))).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});

const keyFile = (): { keys: { materials: { secret: string }[] }[] } =>
  JSON.parse(readFileSync(join(directory, "keys.json"), "utf8"));
