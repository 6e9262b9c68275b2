import { platformManufacturerId } from "../access/rank.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";

/** How long a second operator has to agree. */
const approvalLifetimeMs = 24 * 3_600_000;

/** One operator's request to take all second factors of a member away. */
export interface UnlockRequest {
  requestedBy: string;
  /** Epoch seconds. */
  expiresAt: number;
}

/**
 * Stores a request; fails while another operator's is open, which is to be approved instead, unless that
 * one is `left`: no operator any more.
 */
export const requestUnlock = (
  table: string,
  memberId: string,
  { operatorId, left = operatorId }: { operatorId: string; left?: string | undefined },
  nowMs: number,
): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...identityKeys.unlockRequest(memberId),
      requestedBy: operatorId,
      expiresAt: toEpochSeconds(nowMs + approvalLifetimeMs),
    },
    ConditionExpression: `attribute_not_exists(${partitionKey}) OR requestedBy IN (:operator, :left) OR expiresAt <= :now`,
    ExpressionAttributeValues: {
      ":operator": operatorId,
      ":left": left,
      ":now": toEpochSeconds(nowMs),
    },
  },
});

/**
 * Uses a request up that somebody else has made and who is an operator still: both have to be who they
 * are at the moment of the change.
 */
export const approveUnlock = (
  table: string,
  memberId: string,
  { requestedBy }: UnlockRequest,
  operatorId: string,
  nowMs: number,
): Statement[] => [
  {
    Delete: {
      TableName: table,
      Key: identityKeys.unlockRequest(memberId),
      ConditionExpression:
        "requestedBy = :requester AND requestedBy <> :operator AND expiresAt > :now",
      ExpressionAttributeValues: {
        ":requester": requestedBy,
        ":operator": operatorId,
        ":now": toEpochSeconds(nowMs),
      },
    },
  },
  {
    ConditionCheck: {
      TableName: table,
      Key: identityKeys.member(platformManufacturerId, requestedBy),
      ConditionExpression: "#status = :active AND contains(#roles, :role)",
      ExpressionAttributeNames: { "#status": "status", "#roles": "roles" },
      ExpressionAttributeValues: { ":active": "active", ":role": "operator" },
    },
  },
];
