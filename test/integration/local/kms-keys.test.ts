import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisabledException,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSInvalidStateException,
  NotFoundException,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KmsUnderTest } from "../../support/kms.ts";
import { plaintext, startKmsUnderTest } from "../../support/kms.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const dayMs = 86_400_000;

let nowMs: number;
let directory: string;
let kms: KmsUnderTest;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 24);
  directory = temporaryDirectory();
  kms = await startKmsUnderTest(() => nowMs, directory);
});

afterEach(() => kms.close());

test("keys are found by id, ARN, alias and alias ARN", async () => {
  const { KeyMetadata } = await kms.client.send(new CreateKeyCommand({ Description: "platform" }));
  const { KeyId = "", Arn = "" } = KeyMetadata ?? {};
  await kms.client.send(
    new CreateAliasCommand({ AliasName: "alias/platform", TargetKeyId: KeyId }),
  );
  const aliasArn = Arn.replace(/key\/.*/, "alias/platform");
  for (const reference of [KeyId, Arn, "alias/platform", aliasArn]) {
    const answer = await kms.client.send(new DescribeKeyCommand({ KeyId: reference }));
    expect(answer.KeyMetadata).toMatchObject({
      Arn,
      Description: "platform",
      KeyState: "Enabled",
      CreationDate: new Date(nowMs),
    });
  }
  for (const reference of ["alias/other", Arn.replace(/.$/, "x"), "x"]) {
    await expect(
      kms.client.send(new DescribeKeyCommand({ KeyId: reference })),
    ).rejects.toBeInstanceOf(NotFoundException);
  }
});

test("keys keep decrypting what earlier material encrypted after a rotation", async () => {
  const KeyId = await kms.createKey();
  const before = await kms.encrypt(KeyId);
  await kms.client.send(new RotateKeyOnDemandCommand({ KeyId }));
  const [old, fresh] = [await kms.decrypt(before), await kms.decrypt(await kms.encrypt(KeyId))];
  expect(old.Plaintext).toEqual(fresh.Plaintext);
  expect(old.KeyMaterialId).not.toBe(fresh.KeyMaterialId);
});

test("keys rotate by themselves once the period is over", async () => {
  const KeyId = await kms.createKey();
  await kms.client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  expect(await kms.client.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 90,
    NextRotationDate: new Date(nowMs + 90 * dayMs),
  });
  const before = await kms.decrypt(await kms.encrypt(KeyId));
  nowMs += 90 * dayMs;
  const after = await kms.decrypt(await kms.encrypt(KeyId));
  expect(after.KeyMaterialId).not.toBe(before.KeyMaterialId);
});

test("keys serve nothing while disabled and everything once enabled again", async () => {
  const KeyId = await kms.createKey();
  const blob = await kms.encrypt(KeyId);
  await kms.client.send(new DisableKeyCommand({ KeyId }));
  await expect(kms.decrypt(blob)).rejects.toBeInstanceOf(DisabledException);
  await expect(kms.encrypt(KeyId)).rejects.toBeInstanceOf(DisabledException);
  await kms.client.send(new EnableKeyCommand({ KeyId }));
  expect((await kms.decrypt(blob)).Plaintext).toHaveLength(plaintext.length);
});

test("keys wait before they are destroyed, may be kept until then, and come back disabled", async () => {
  const KeyId = await kms.createKey();
  const blob = await kms.encrypt(KeyId);
  const { DeletionDate } = await kms.client.send(
    new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }),
  );
  expect(DeletionDate).toEqual(new Date(nowMs + 7 * dayMs));
  await expect(kms.decrypt(blob)).rejects.toBeInstanceOf(KMSInvalidStateException);
  await kms.client.send(new CancelKeyDeletionCommand({ KeyId }));
  await expect(kms.decrypt(blob)).rejects.toBeInstanceOf(DisabledException);
  await kms.client.send(new EnableKeyCommand({ KeyId }));
  expect((await kms.decrypt(blob)).Plaintext).toHaveLength(plaintext.length);
});

test("keys once destroyed decrypt nothing and leave no secret in the file", async () => {
  const KeyId = await kms.createKey();
  const blob = await kms.encrypt(KeyId);
  const secret = keyFile().keys[0]?.materials[0]?.secret ?? "";
  await kms.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  nowMs += 7 * dayMs;
  await expect(kms.decrypt(blob)).rejects.toBeInstanceOf(NotFoundException);
  expect(secret).not.toBe("");
  expect(JSON.stringify(keyFile())).not.toContain(secret);
});

test("keys survive a restart in a file that only its owner may read", async () => {
  const blob = await kms.encrypt(await kms.createKey());
  await kms.close();
  kms = await startKmsUnderTest(() => nowMs, directory);
  expect(Buffer.from((await kms.decrypt(blob)).Plaintext ?? [])).toEqual(plaintext);
  expect(statSync(join(directory, "keys.json")).mode & 0o777).toBe(0o600);
});

const keyFile = (): { keys: { materials: { secret: string }[] }[] } =>
  JSON.parse(readFileSync(join(directory, "keys.json"), "utf8"));
