import { usageKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Charge } from "./counter-statements.ts";
import type { Period } from "./period.ts";

/** Days a ledger entry is kept after its charge. */
const ledgerDays = 400;

/** One charge with its key: what makes it exactly once, and the audit trail of the charge. */
export interface LedgerEntry {
  idempotencyKey: string;
  amount: number;
  chargedAtMs: number;
  memberId: string;
  requestId: string;
}

export const ledgerPut = (table: string, charge: Charge, entry: LedgerEntry): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...usageKeys.ledgerEntry(
        charge.manufacturerId,
        charge.resource,
        charge.period.name,
        entry.idempotencyKey,
      ),
      ...entry,
      expiresAt: toEpochSeconds(charge.nowMs + ledgerDays * 86_400_000),
    },
    // A refunded charge is as good as none: its key may be charged again.
    ConditionExpression: `attribute_not_exists(${partitionKey}) OR attribute_exists(refundedAtMs)`,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/**
 * Marks an entry as given back; fails where it is not there, has been given back before, or is of
 * another request than the one that is named.
 */
export const ledgerRefund = (
  table: string,
  charge: Charge,
  idempotencyKey: string,
  chargedBy?: string,
): Statement => ({
  Update: {
    TableName: table,
    Key: usageKeys.ledgerEntry(
      charge.manufacturerId,
      charge.resource,
      charge.period.name,
      idempotencyKey,
    ),
    UpdateExpression: "SET refundedAtMs = :now",
    ConditionExpression: `attribute_exists(${partitionKey}) AND attribute_not_exists(refundedAtMs)${chargedBy === undefined ? "" : " AND requestId = :chargedBy"}`,
    ExpressionAttributeValues: {
      ":now": charge.nowMs,
      ...(chargedBy === undefined ? {} : { ":chargedBy": chargedBy }),
    },
  },
});

/** Fails where the key was charged in an earlier period's ledger. */
export const notInLedgerOf = (
  table: string,
  { manufacturerId, resource }: Charge,
  period: Period,
  idempotencyKey: string,
): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: usageKeys.ledgerEntry(manufacturerId, resource, period.name, idempotencyKey),
    ConditionExpression: `attribute_not_exists(${partitionKey}) OR attribute_exists(refundedAtMs)`,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
