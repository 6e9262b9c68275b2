import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { DeviceChange } from "./known-devices.ts";
import { devicesMax } from "./known-devices.ts";
import { passwordVersionUp } from "./password-version.ts";

/**
 * Forgives a sign-in's failures and remembers its device: part of the transaction that makes a
 * sign-in count. Devices change one by one, so that sign-ins at the same moment keep each other's.
 */
export const forgiveLogin = (
  table: string,
  emailHash: string,
  { hash, device, forgottenHash }: DeviceChange,
  extra: { set?: string; condition: string; values: Record<string, unknown> },
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.login(emailHash),
    UpdateExpression: `SET failures = :zero, knownDevices.#device = :device${extra.set ? `, ${extra.set}` : ""} REMOVE notBeforeMs, sessionFailures${forgottenHash ? ", knownDevices.#forgotten" : ""}`,
    ConditionExpression: `${extra.condition} AND (attribute_exists(knownDevices.#device) OR ${forgottenHash ? "attribute_exists(knownDevices.#forgotten)" : "size(knownDevices) < :devicesMax"})`,
    ExpressionAttributeNames: {
      "#device": hash,
      ...(forgottenHash && { "#forgotten": forgottenHash }),
    },
    ExpressionAttributeValues: {
      ":zero": 0,
      ":device": device,
      ...extra.values,
      ...(forgottenHash ? {} : { ":devicesMax": devicesMax }),
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/** Forgives wrong passwords given in sessions, if the password still is the one that was right. */
export const forgiveSessionFailures = (
  table: string,
  { emailHash, verifiedHash }: { emailHash: string; verifiedHash: string },
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.login(emailHash),
    UpdateExpression: "REMOVE sessionFailures",
    ConditionExpression: "passwordHash = :verified",
    ExpressionAttributeValues: { ":verified": verifiedHash },
  },
});

/** Voids a password and forgets its failures and the devices that are known by it. */
export const voidPassword = (
  table: string,
  { memberId, emailHash }: { memberId: string; emailHash: string },
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.login(emailHash),
    UpdateExpression: `SET failures = :zero, knownDevices = :none, ${passwordVersionUp} REMOVE notBeforeMs, sessionFailures, passwordHash, isLongPassword`,
    ConditionExpression: "memberId = :member",
    ExpressionAttributeValues: { ":zero": 0, ":one": 1, ":none": {}, ":member": memberId },
  },
});
