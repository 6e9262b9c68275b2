import { randomBytes, randomUUID } from "node:crypto";
import { accountId, region } from "../aws-account.ts";
import { AwsError } from "../aws-json-server.ts";

type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

/** What a key encrypts with; a rotation adds one and keeps the earlier ones for decryption. */
export interface KeyMaterial {
  /** 64 hexadecimal digits. */
  id: string;
  /** 256 bits, base64. */
  secret: string;
}

/** Somebody else's right to use a key, beside its policy. */
export interface KeyGrant {
  id: string;
  grantee: string;
  operations: string[];
}

export interface KmsKey {
  id: string;
  description: string;
  createdAtMs: number;
  state: KeyState;
  /** When a key pending deletion is destroyed, epoch ms. */
  deletionAtMs?: number | undefined;
  /** Automatic rotation, when enabled. */
  rotation?: { periodDays: number; nextAtMs: number } | undefined;
  onDemandRotations: number;
  /** What PutKeyPolicy set, as JSON; the default policy unless said. */
  policy?: string | undefined;
  grants?: KeyGrant[];
  /** Newest last; empty once the key is destroyed. */
  materials: KeyMaterial[];
}

export const createMaterial = (): KeyMaterial => ({
  id: randomBytes(32).toString("hex"),
  secret: randomBytes(32).toString("base64"),
});

export const createKey = (description: string, nowMs: number): KmsKey => ({
  id: randomUUID(),
  description,
  createdAtMs: nowMs,
  state: "Enabled",
  onDemandRotations: 0,
  materials: [createMaterial()],
});

export const keyArn = (keyId: string): string => `arn:aws:kms:${region}:${accountId}:key/${keyId}`;

export const aliasArn = (alias: string): string => `arn:aws:kms:${region}:${accountId}:${alias}`;

/** @throws DisabledException or KMSInvalidStateException unless the key may be used */
export function requireEnabled(key: KmsKey): KmsKey {
  if (key.state === "Disabled")
    throw new AwsError("DisabledException", `${keyArn(key.id)} is disabled.`);
  return requireNotPendingDeletion(key);
}

/** @throws KMSInvalidStateException when the key is about to be destroyed */
export function requireNotPendingDeletion(key: KmsKey): KmsKey {
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${keyArn(key.id)} is pending deletion.`);
  return key;
}

const dayMs = 86_400_000;

/** Destroys a key whose waiting period is over, and rotates one that is due. */
export function advanceKey(key: KmsKey, nowMs: number): void {
  if (key.deletionAtMs !== undefined && nowMs >= key.deletionAtMs) key.materials = [];
  while (key.rotation && key.state === "Enabled" && nowMs >= key.rotation.nextAtMs) {
    key.materials.push(createMaterial());
    key.rotation.nextAtMs += key.rotation.periodDays * dayMs;
  }
}

export const isDestroyed = (key: KmsKey): boolean => key.materials.length === 0;

/** The material that encrypts. */
export function currentMaterial(key: KmsKey): KeyMaterial {
  const material = key.materials.at(-1);
  if (!material) throw new AwsError("NotFoundException", `Key '${keyArn(key.id)}' does not exist`);
  return material;
}

/** KeyMetadata as DescribeKey and CreateKey answer it; times are epoch seconds. */
export const keyMetadata = (key: KmsKey): Record<string, unknown> => ({
  AWSAccountId: accountId,
  KeyId: key.id,
  Arn: keyArn(key.id),
  CreationDate: key.createdAtMs / 1000,
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: key.state,
  ...(key.deletionAtMs === undefined ? {} : { DeletionDate: key.deletionAtMs / 1000 }),
  Origin: "AWS_KMS",
  KeyManager: "CUSTOMER",
  KeySpec: "SYMMETRIC_DEFAULT",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: false,
  CurrentKeyMaterialId: currentMaterial(key).id,
});
