import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ItemKey } from "../aws/item-keys.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";

/** Attempts that need no wait; people mistype. The fifth starts the first wait. */
export const freeAttempts = 4;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;

export interface AttemptTarget {
  table: string;
  key: ItemKey;
  /** Consecutive failures after which the authenticator is disabled (SP 800-63B-4 section 3.2.2). */
  attemptsMax: number;
  /**
   * Instead of being disabled: one attempt in each wait of this length, and all are forgotten when
   * nobody has made one for that long after a wait was over.
   */
  beyondMax?: { waitMs: number; forgottenAfterMs: number };
  /** What must hold for the item to be chargeable at all, besides the counter. */
  condition: string;
  /** Further attributes to set with each attempt, as an update expression's assignments. */
  assignments?: string;
  values?: Record<string, unknown>;
  names?: Record<string, string>;
}

export type Charge =
  | {
      charged: true;
      item: Record<string, unknown>;
      /** Where a wait began with this attempt, the end of the one before it, epoch ms; 0 for none. */
      slotAfterMs?: number;
    }
  | { charged: false; reason: "refused"; item: Record<string, unknown> | undefined }
  | { charged: false; reason: "waiting"; retryAfterMs: number }
  | { charged: false; reason: "disabled"; item: Record<string, unknown> | undefined };

/**
 * Takes one attempt from an authenticator's counter before anything is compared, so that parallel
 * guesses cannot slip under it. The first four cost one call; after that each wait has exactly one
 * guess in it, whatever the parallelism, and waits grow from 30 s to 1 h.
 *
 * The caller sets `failures` back to 0 in the transaction that makes the attempt count as a success;
 * where attempts can be given back it counts `streak` up by one in the same statement.
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
  if (!target.beyondMax && failures >= target.attemptsMax) {
    return { charged: false, reason: "disabled", item };
  }
  const notBeforeMs = (item?.["notBeforeMs"] as number | undefined) ?? 0;
  if (notBeforeMs > now()) {
    return { charged: false, reason: "waiting", retryAfterMs: notBeforeMs - now() };
  }
  return takeSlot(documents, target, { failures, notBeforeMs }, now);
}

/**
 * Gives one attempt back, which no verdict came of, to a counter that nobody has set back since. Other
 * attempts stay counted. A transaction, although it is one statement: sent again it does nothing.
 */
export async function giveBackAttempt(
  documents: DynamoDBDocumentClient,
  { table, key }: Pick<AttemptTarget, "table" | "key">,
  { item, slotAfterMs }: Extract<Charge, { charged: true }>,
): Promise<void> {
  const isSlot = slotAfterMs !== undefined;
  const wait = !isSlot ? "" : slotAfterMs === 0 ? " REMOVE notBeforeMs" : ", notBeforeMs = :before";
  await transact(documents, [
    {
      Update: {
        TableName: table,
        Key: key,
        UpdateExpression: `SET failures = failures - :one${wait}`,
        ConditionExpression: [
          "failures >= :one",
          item["streak"] === undefined ? "attribute_not_exists(streak)" : "streak = :streak",
          ...(isSlot ? ["notBeforeMs = :mine"] : []),
        ].join(" AND "),
        ExpressionAttributeValues: {
          ":one": 1,
          ...(item["streak"] !== undefined && { ":streak": item["streak"] }),
          ...(isSlot && { ":mine": item["notBeforeMs"] }),
          ...(isSlot && slotAfterMs > 0 && { ":before": slotAfterMs }),
        },
      },
    },
  ]);
}

/**
 * Takes the one guess of a wait that is over: the condition names the counter exactly as it was seen.
 * After a long quiet the counter begins anew.
 */
async function takeSlot(
  documents: DynamoDBDocumentClient,
  target: AttemptTarget,
  seen: { failures: number; notBeforeMs: number },
  now: Clock,
): Promise<Charge> {
  const hasWaited = seen.notBeforeMs > 0;
  const forgottenAtMs = seen.notBeforeMs + (target.beyondMax?.forgottenAfterMs ?? Infinity);
  const isForgotten = hasWaited && forgottenAtMs <= now();
  const waitMs = waitAfter(seen.failures + 1, target);
  const slot = await update(documents, target, {
    expression: `SET failures = :next${isForgotten ? "" : ", notBeforeMs = :notBefore"}`,
    remove: isForgotten ? " REMOVE notBeforeMs" : "",
    condition: `failures = :seen AND ${hasWaited ? "notBeforeMs = :seenNotBefore" : "attribute_not_exists(notBeforeMs)"}`,
    values: {
      ":next": isForgotten ? 1 : seen.failures + 1,
      ":seen": seen.failures,
      ...(isForgotten ? {} : { ":notBefore": now() + waitMs }),
      ...(hasWaited && { ":seenNotBefore": seen.notBeforeMs }),
    },
  });
  if ("refused" in slot) return { charged: false, reason: "waiting", retryAfterMs: waitMs };
  return {
    charged: true,
    item: slot.written,
    ...(!isForgotten && { slotAfterMs: seen.notBeforeMs }),
  };
}

/** The wait that follows the n-th consecutive failure. */
const waitAfter = (failures: number, { attemptsMax, beyondMax }: AttemptTarget): number =>
  beyondMax && failures >= attemptsMax
    ? beyondMax.waitMs
    : Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - freeAttempts - 1));

async function update(
  documents: DynamoDBDocumentClient,
  { table, key, condition, assignments, values, names }: AttemptTarget,
  statement: {
    expression: string;
    remove?: string;
    condition: string;
    values: Record<string, unknown>;
  },
): Promise<
  { written: Record<string, unknown> } | { refused: Record<string, unknown> | undefined }
> {
  try {
    const { Attributes = {} } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: `${statement.expression}${assignments ? `, ${assignments}` : ""}${statement.remove ?? ""}`,
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
