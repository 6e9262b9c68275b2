import * as z from "zod/mini";
import { AwsError } from "../aws-json-server.ts";
import type { KeyRing } from "./key-ring.ts";
import type { KmsKey } from "./kms-key.ts";
import {
  createKey,
  createMaterial,
  keyArn,
  keyMetadata,
  requireEnabled,
  requireNotPendingDeletion,
} from "./kms-key.ts";
import type { KmsOperations } from "./kms-operation.ts";
import { kmsOperation } from "./kms-operation.ts";

const dayMs = 86_400_000;
const defaultRotationDays = 365;
const defaultDeletionDays = 30;
const onDemandRotationsMax = 25;

const KeyReference = z.object({ KeyId: z.string() });

/** Operations that create, describe, rotate, disable and delete keys. */
export function keyOperations(keyRing: KeyRing, now: () => number): KmsOperations {
  /** Changes a key and keeps the change before answering. */
  const change = (reference: string, alter: (key: KmsKey) => void): KmsKey => {
    const key = keyRing.find(reference);
    alter(key);
    keyRing.save();
    return key;
  };

  return {
    CreateKey: kmsOperation(
      z.object({
        Description: z.optional(z.string()),
        KeyUsage: z.optional(z.literal("ENCRYPT_DECRYPT")),
        KeySpec: z.optional(z.literal("SYMMETRIC_DEFAULT")),
      }),
      ({ Description }) => {
        const key = createKey(Description ?? "", now());
        keyRing.add(key);
        return { KeyMetadata: keyMetadata(key) };
      },
    ),
    CreateAlias: kmsOperation(
      z.object({
        AliasName: z.string().check(z.regex(/^alias\/[\w/-]+$/)),
        TargetKeyId: z.string(),
      }),
      ({ AliasName, TargetKeyId }) => {
        keyRing.addAlias(AliasName, requireNotPendingDeletion(keyRing.find(TargetKeyId)));
        return {};
      },
    ),
    DescribeKey: kmsOperation(KeyReference, ({ KeyId }) => ({
      KeyMetadata: keyMetadata(keyRing.find(KeyId)),
    })),
    EnableKeyRotation: kmsOperation(
      z.object({
        KeyId: z.string(),
        RotationPeriodInDays: z.optional(z.int().check(z.minimum(90), z.maximum(2560))),
      }),
      ({ KeyId, RotationPeriodInDays: periodDays = defaultRotationDays }) => {
        change(KeyId, (key) => {
          requireEnabled(key).rotation = { periodDays, nextAtMs: now() + periodDays * dayMs };
        });
        return {};
      },
    ),
    DisableKeyRotation: kmsOperation(KeyReference, ({ KeyId }) => {
      change(KeyId, (key) => {
        requireEnabled(key).rotation = undefined;
      });
      return {};
    }),
    GetKeyRotationStatus: kmsOperation(KeyReference, ({ KeyId }) =>
      rotationStatus(keyRing.find(KeyId)),
    ),
    RotateKeyOnDemand: kmsOperation(KeyReference, ({ KeyId }) => {
      const key = change(KeyId, rotateOnDemand);
      return { KeyId: keyArn(key.id) };
    }),
    DisableKey: kmsOperation(KeyReference, ({ KeyId }) => {
      change(KeyId, (key) => {
        requireNotPendingDeletion(key).state = "Disabled";
      });
      return {};
    }),
    EnableKey: kmsOperation(KeyReference, ({ KeyId }) => {
      change(KeyId, (key) => {
        requireNotPendingDeletion(key).state = "Enabled";
      });
      return {};
    }),
    ScheduleKeyDeletion: kmsOperation(
      z.object({
        KeyId: z.string(),
        PendingWindowInDays: z.optional(z.int().check(z.minimum(7), z.maximum(30))),
      }),
      ({ KeyId, PendingWindowInDays = defaultDeletionDays }) => {
        const key = change(KeyId, (found) => {
          requireNotPendingDeletion(found).state = "PendingDeletion";
          found.deletionAtMs = now() + PendingWindowInDays * dayMs;
        });
        return {
          KeyId: keyArn(key.id),
          KeyState: key.state,
          DeletionDate: (key.deletionAtMs ?? 0) / 1000,
          PendingWindowInDays,
        };
      },
    ),
    CancelKeyDeletion: kmsOperation(KeyReference, ({ KeyId }) => {
      const key = change(KeyId, cancelDeletion);
      return { KeyId: keyArn(key.id) };
    }),
  };
}

function rotationStatus({ id, rotation }: KmsKey): Record<string, unknown> {
  return {
    KeyId: keyArn(id),
    KeyRotationEnabled: rotation !== undefined,
    ...(rotation && {
      RotationPeriodInDays: rotation.periodDays,
      NextRotationDate: rotation.nextAtMs / 1000,
    }),
  };
}

function rotateOnDemand(key: KmsKey): void {
  requireEnabled(key);
  if (key.onDemandRotations >= onDemandRotationsMax)
    throw new AwsError("LimitExceededException", "The limit of on-demand rotations is reached.");
  key.onDemandRotations += 1;
  key.materials.push(createMaterial());
}

/** As in AWS the key comes back disabled. */
function cancelDeletion(key: KmsKey): void {
  if (key.state !== "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${keyArn(key.id)} is not pending deletion.`);
  key.state = "Disabled";
  key.deletionAtMs = undefined;
}
