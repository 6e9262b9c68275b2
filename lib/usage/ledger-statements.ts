import { usageKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Charge } from "./counter-statements.ts";
import type { Period } from "./period.ts";
import { periodAt } from "./period.ts";
import type { Refund } from "./refund.ts";

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
 * another charge than the one that is named.
 */
export const ledgerRefund = (
  table: string,
  {
    manufacturerId,
    resource,
    chargedAtMs,
    refundedAtMs,
    requestId,
    idempotencyKey,
  }: Refund & { idempotencyKey: string },
): Statement => ({
  Update: {
    TableName: table,
    Key: usageKeys.ledgerEntry(
      manufacturerId,
      resource,
      periodAt(chargedAtMs).name,
      idempotencyKey,
    ),
    UpdateExpression: "SET refundedAtMs = :refundedAt",
    ConditionExpression:
      "requestId = :requestId AND chargedAtMs = :chargedAt AND attribute_not_exists(refundedAtMs)",
    ExpressionAttributeValues: {
      ":chargedAt": chargedAtMs,
      ":refundedAt": refundedAtMs,
      ":requestId": requestId,
    },
  },
});

/** Remembers that a charge without a key was given back; fails where it was before. */
export const refundPut = (
  table: string,
  { manufacturerId, resource, amount, chargedAtMs, refundedAtMs, id }: Refund,
): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...usageKeys.refund(manufacturerId, resource, periodAt(chargedAtMs).name, id),
      amount,
      chargedAtMs,
      refundedAtMs,
      expiresAt: toEpochSeconds(chargedAtMs + ledgerDays * 86_400_000),
    },
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
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
