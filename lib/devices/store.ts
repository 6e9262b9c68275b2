import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Device } from "./device.ts";

/** Reads of devices, expired ones left out, and the commit of what changes them. */
export const deviceStore = (documents: DynamoDBDocumentClient, table: string, now: Clock) => ({
  async readDevice(memberId: string, deviceId: string): Promise<Device | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        ConsistentRead: true,
        Key: identityKeys.device(memberId, deviceId),
      }),
    );
    const device = Item as Device | undefined;
    return device && device.expiresAtMs > now() ? device : undefined;
  },

  async listDevices(memberId: string): Promise<Device[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :member AND begins_with(${sortKey}, :prefix)`,
        ExpressionAttributeValues: {
          ":member": identityKeys.memberOf(memberId).pk,
          ":prefix": identityKeys.devicePrefix,
        },
      }),
    );
    return (Items as Device[])
      .filter(({ expiresAtMs }) => expiresAtMs > now())
      .sort((one, other) => one.createdAtMs - other.createdAtMs);
  },

  commitAs: (actor: Actor, statements: readonly Statement[]): Promise<Outcome> =>
    transactAs(documents, table, actor, statements),
});

export type DeviceStore = ReturnType<typeof deviceStore>;

/** Binds a key; fails where it is bound already. */
export const putDevice = (table: string, device: Device): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...identityKeys.device(device.memberId, device.deviceId),
      ...device,
      expiresAt: toEpochSeconds(device.expiresAtMs),
    },
    ConditionExpression: `attribute_not_exists(${partitionKey}) OR expiresAtMs <= :now`,
    ExpressionAttributeValues: { ":now": device.createdAtMs },
  },
});

/** Every session that a device makes moves its count on, so that revoking it misses none. */
const useCounted = "uses = if_not_exists(uses, :zero) + :one";

/** Marks a device as used now; fails where it is revoked or has expired. */
export const useDevice = (
  table: string,
  { memberId, deviceId }: { memberId: string; deviceId: string },
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.device(memberId, deviceId),
    UpdateExpression: `SET lastUsedAtMs = :now, ${useCounted}`,
    ConditionExpression: "expiresAtMs > :now",
    ExpressionAttributeValues: { ":now": nowMs, ":zero": 0, ":one": 1 },
  },
});

export const relabelDevice = (
  table: string,
  { memberId, deviceId }: { memberId: string; deviceId: string },
  label: string,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.device(memberId, deviceId),
    UpdateExpression: "SET #label = :label",
    ConditionExpression: `attribute_exists(${partitionKey})`,
    ExpressionAttributeNames: { "#label": "label" },
    ExpressionAttributeValues: { ":label": label },
  },
});

/** Counts a session that goes on from one of the device's; fails where the device is gone. */
export const countUse = (
  table: string,
  { memberId, deviceId }: { memberId: string; deviceId: string },
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.device(memberId, deviceId),
    UpdateExpression: `SET ${useCounted}`,
    ConditionExpression: `attribute_exists(${partitionKey})`,
    ExpressionAttributeValues: { ":zero": 0, ":one": 1 },
  },
});

/** Forgets a device; fails where it has made a session since its uses were read. */
export const deleteDevice = (
  table: string,
  { memberId, deviceId, uses }: Pick<Device, "memberId" | "deviceId" | "uses">,
): Statement => ({
  Delete: {
    TableName: table,
    Key: identityKeys.device(memberId, deviceId),
    ConditionExpression: uses === undefined ? "attribute_not_exists(uses)" : "uses = :uses",
    ...(uses !== undefined && { ExpressionAttributeValues: { ":uses": uses } }),
  },
});
