import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { JWK } from "jose";
import { platformKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";

/** A key that signs tokens; the private part is wrapped by KMS and useless without it. */
export interface SigningKeyItem {
  keyId: string;
  publicJwk: JWK;
  wrappedPrivateKey: Uint8Array;
  createdAtMs: number;
  /** Published in the JWKS at once, used for signing from here on. */
  activeFromMs: number;
}

/** Platform secrets, each wrapped by KMS: what they are for is part of the encryption context. */
export const secretPurposes = [
  "pepper",
  "email-lookup",
  "ticket",
  "refresh",
  "mfa-token",
  "device-nonce",
] as const;
export type SecretPurpose = (typeof secretPurposes)[number];

export interface SecretItem {
  purpose: SecretPurpose;
  version: number;
  wrapped: Uint8Array;
  /** Known to every environment at once, used from here on. */
  activeFromMs: number;
}

/** Every statement on the platform's partition of table `keys`. */
export const platformKeyStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /** All signing keys, oldest first. */
  async listSigningKeys(): Promise<SigningKeyItem[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :platform AND begins_with(sk, :prefix)`,
        ExpressionAttributeValues: {
          ":platform": platformKeys.partition,
          ":prefix": "SIGNING#",
        },
      }),
    );
    return (Items as SigningKeyItem[]).sort((one, other) => one.activeFromMs - other.activeFromMs);
  },

  /** How often the set of signing keys has changed; 0 before the first. */
  async readSigningVersion(): Promise<number> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: platformKeys.signingVersion(),
      }),
    );
    return (Item?.["version"] as number | undefined) ?? 0;
  },

  /** Adds one key and removes others, if nobody has changed the set since `version`. */
  changeSigningKeys(
    version: number,
    change: { added?: SigningKeyItem; removed: readonly string[] },
  ): Promise<Outcome> {
    return transact(documents, [
      {
        Update: {
          TableName: table,
          Key: platformKeys.signingVersion(),
          UpdateExpression: "SET #version = :next",
          ConditionExpression:
            version === 0 ? "attribute_not_exists(#version)" : "#version = :version",
          ExpressionAttributeNames: { "#version": "version" },
          ExpressionAttributeValues: {
            ":next": version + 1,
            ...(version === 0 ? {} : { ":version": version }),
          },
        },
      },
      ...(change.added
        ? [
            {
              Put: {
                TableName: table,
                Item: { ...platformKeys.signing(change.added.keyId), ...change.added },
              },
            },
          ]
        : []),
      ...change.removed.map((keyId) => ({
        Delete: { TableName: table, Key: platformKeys.signing(keyId) },
      })),
    ]);
  },

  /** All versions of all secrets, oldest first. */
  async listSecrets(): Promise<SecretItem[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :platform AND begins_with(sk, :prefix)`,
        ExpressionAttributeValues: {
          ":platform": platformKeys.partition,
          ":prefix": platformKeys.secretPrefix,
        },
      }),
    );
    return (Items as SecretItem[]).sort((one, other) => one.version - other.version);
  },

  /** Stores a secret unless that version exists; tells whether it was stored. */
  async addSecret(secret: SecretItem): Promise<boolean> {
    try {
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: { ...platformKeys.secret(secret.purpose, secret.version), ...secret },
          ConditionExpression: `attribute_not_exists(${partitionKey})`,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },

  async removeSecret({ purpose, version }: SecretItem): Promise<void> {
    await documents.send(
      new DeleteCommand({ TableName: table, Key: platformKeys.secret(purpose, version) }),
    );
  },
});

export type PlatformKeyStore = ReturnType<typeof platformKeyStore>;
