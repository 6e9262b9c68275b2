import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ItemKey } from "../aws/item-keys.ts";
import type { Clock } from "../clock.ts";

/** Attempts that need no wait; people mistype. The fifth starts the first wait. */
const freeAttempts = 4;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;

export interface AttemptTarget {
  table: string;
  key: ItemKey;
  /** Consecutive failures after which the authenticator is disabled (SP 800-63B-4 section 3.2.2). */
  attemptsMax: number;
  /** What must hold for the item to be chargeable at all, besides the counter. */
  condition: string;
  /** Further attributes to set with each attempt, as an update expression's assignments. */
  assignments?: string;
  values?: Record<string, unknown>;
  names?: Record<string, string>;
}

export type Charge =
  | { charged: true; item: Record<string, unknown> }
  | { charged: false; reason: "refused"; item: Record<string, unknown> | undefined }
  | { charged: false; reason: "waiting"; retryAfterMs: number }
  | { charged: false; reason: "disabled"; item: Record<string, unknown> | undefined };

/**
 * Takes one attempt from an authenticator's counter before anything is compared, so that parallel
 * guesses cannot slip under it. The first four cost one call; after that each wait has exactly one
 * guess in it, whatever the parallelism, and waits grow from 30 s to 1 h.
 *
 * The caller sets `failures` back to 0 in the transaction that makes the attempt count as a success.
 */
export async function chargeAttempt(
  documents: DynamoDBDocumentClient,
  target: AttemptTarget,
  now: Clock,
): Promise<Charge> {
  const free = await update(documents, target, {
    expression: "SET failures = if_not_exists(failures, :zero) + :one",
    condition: "(attribute_not_exists(failures) OR failures < :free)",
    values: { ":zero": 0, ":one": 1, ":free": freeAttempts },
  });
  if ("written" in free) return { charged: true, item: free.written };

  const item = free.refused;
  const failures = item?.["failures"] as number | undefined;
  if (failures === undefined || failures < freeAttempts) {
    return { charged: false, reason: "refused", item };
  }
  if (failures >= target.attemptsMax) return { charged: false, reason: "disabled", item };
  const notBeforeMs = (item?.["notBeforeMs"] as number | undefined) ?? 0;
  if (notBeforeMs > now()) {
    return { charged: false, reason: "waiting", retryAfterMs: notBeforeMs - now() };
  }
  return takeSlot(documents, target, { failures, notBeforeMs }, now);
}

/** Takes the one guess of a wait that is over: the condition names the counter exactly as it was seen. */
async function takeSlot(
  documents: DynamoDBDocumentClient,
  target: AttemptTarget,
  seen: { failures: number; notBeforeMs: number },
  now: Clock,
): Promise<Charge> {
  const waitMs = waitAfter(seen.failures + 1);
  const slot = await update(documents, target, {
    expression: "SET failures = :next, notBeforeMs = :notBefore",
    condition: `failures = :seen AND ${seen.notBeforeMs === 0 ? "attribute_not_exists(notBeforeMs)" : "notBeforeMs = :seenNotBefore"}`,
    values: {
      ":next": seen.failures + 1,
      ":notBefore": now() + waitMs,
      ":seen": seen.failures,
      ...(seen.notBeforeMs === 0 ? {} : { ":seenNotBefore": seen.notBeforeMs }),
    },
  });
  if ("written" in slot) return { charged: true, item: slot.written };
  return { charged: false, reason: "waiting", retryAfterMs: waitMs };
}

/** The wait that follows the n-th consecutive failure. */
const waitAfter = (failures: number): number =>
  Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - freeAttempts - 1));

async function update(
  documents: DynamoDBDocumentClient,
  { table, key, condition, assignments, values, names }: AttemptTarget,
  statement: { expression: string; condition: string; values: Record<string, unknown> },
): Promise<
  { written: Record<string, unknown> } | { refused: Record<string, unknown> | undefined }
> {
  try {
    const { Attributes = {} } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: `${statement.expression}${assignments ? `, ${assignments}` : ""}`,
        ConditionExpression: `${condition} AND ${statement.condition}`,
        ExpressionAttributeValues: { ...values, ...statement.values },
        ...(names && { ExpressionAttributeNames: names }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return { written: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { refused: error.Item && unmarshall(error.Item) };
  }
}
