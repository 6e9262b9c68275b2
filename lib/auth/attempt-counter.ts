import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ItemKey } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
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
   * nobody has made one for that long after a wait was over, or after the last one where no wait began.
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
  const nowMs = now();
  const free = await update(documents, target, freeAttempt(target, nowMs));
  if ("written" in free) return { charged: true, item: free.written };

  const item = free.refused;
  const seen = item as Partial<SeenCounter> | undefined;
  const { failures, notBeforeMs = 0, attemptedAtMs } = seen ?? {};
  if (failures === undefined) return { charged: false, reason: "refused", item };
  const counter = { failures, notBeforeMs, attemptedAtMs };
  if (isForgotten(counter, target, nowMs)) return beginAnew(documents, target, counter, now);
  if (failures < freeAttempts) return { charged: false, reason: "refused", item };
  if (!target.beyondMax && failures >= target.attemptsMax) {
    return { charged: false, reason: "disabled", item };
  }
  if (notBeforeMs > nowMs) {
    return { charged: false, reason: "waiting", retryAfterMs: notBeforeMs - nowMs };
  }
  return takeSlot(documents, target, counter, now);
}

/** A counter as it was met. */
interface SeenCounter {
  failures: number;
  /** Epoch ms; 0 while no wait has begun. */
  notBeforeMs: number;
  /** Epoch ms of the last attempt; kept only where attempts are forgotten. */
  attemptedAtMs: number | undefined;
}

/** When it was attempted last, as an assignment for those that forget. */
const attemptedNow = ({ beyondMax }: AttemptTarget, nowMs: number) =>
  beyondMax
    ? { assignment: ", attemptedAtMs = :attemptedAt", values: { ":attemptedAt": nowMs } }
    : { assignment: "", values: {} };

/** Counts one of the first few; refused where these are to be forgotten first. */
function freeAttempt(target: AttemptTarget, nowMs: number) {
  const { beyondMax } = target;
  const { assignment, values } = attemptedNow(target, nowMs);
  return {
    expression: `SET failures = if_not_exists(failures, :zero) + :one${assignment}`,
    condition: `(attribute_not_exists(failures) OR failures < :free)${
      beyondMax
        ? " AND (failures = :zero OR attribute_not_exists(attemptedAtMs) OR attemptedAtMs > :quietSince)"
        : ""
    }`,
    values: {
      ":zero": 0,
      ":one": 1,
      ":free": freeAttempts,
      ...values,
      ...(beyondMax && { ":quietSince": nowMs - beyondMax.forgottenAfterMs }),
    },
  };
}

function isForgotten(
  { failures, notBeforeMs, attemptedAtMs }: SeenCounter,
  { beyondMax }: AttemptTarget,
  nowMs: number,
): boolean {
  const quietSinceMs = failures > freeAttempts ? notBeforeMs : (attemptedAtMs ?? nowMs);
  const isCounting = failures > 0 && quietSinceMs > 0;
  return !!beyondMax && isCounting && quietSinceMs + beyondMax.forgottenAfterMs <= nowMs;
}

/**
 * Gives one attempt back, which no verdict came of, to a counter that nobody has set back since. Other
 * attempts stay counted. A transaction, although it is one statement: sent again it does nothing.
 */
export async function giveBackAttempt(
  documents: DynamoDBDocumentClient,
  target: Pick<AttemptTarget, "table" | "key">,
  charge: Taken,
): Promise<void> {
  await transact(documents, [returnAttempt(target, charge)]);
}

/** An attempt that was charged. */
export type Taken = Extract<Charge, { charged: true }>;

/** The statement that gives exactly this attempt back; fails where the counter was set back since. */
export function returnAttempt(
  { table, key }: Pick<AttemptTarget, "table" | "key">,
  { item, slotAfterMs }: Taken,
): Statement {
  const isSlot = slotAfterMs !== undefined;
  const wait = !isSlot ? "" : slotAfterMs === 0 ? " REMOVE notBeforeMs" : ", notBeforeMs = :before";
  return {
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
  };
}

/** That a counter still is exactly as it was seen. */
function unchanged({ failures, notBeforeMs, attemptedAtMs }: SeenCounter) {
  const hasWaited = notBeforeMs > 0;
  const hasTime = attemptedAtMs !== undefined;
  return {
    condition: [
      "failures = :seen",
      hasWaited ? "notBeforeMs = :seenNotBefore" : "attribute_not_exists(notBeforeMs)",
      // A counter that begins anew can have the number it had.
      hasTime ? "attemptedAtMs = :seenAttemptedAt" : "attribute_not_exists(attemptedAtMs)",
    ].join(" AND "),
    values: {
      ":seen": failures,
      ...(hasWaited && { ":seenNotBefore": notBeforeMs }),
      ...(hasTime && { ":seenAttemptedAt": attemptedAtMs }),
    },
  };
}

/** The first attempt after a long quiet; who comes second in it is counted on the new counter. */
async function beginAnew(
  documents: DynamoDBDocumentClient,
  target: AttemptTarget,
  seen: SeenCounter,
  now: Clock,
): Promise<Charge> {
  const { assignment, values } = attemptedNow(target, now());
  const asSeen = unchanged(seen);
  const first = await update(documents, target, {
    expression: `SET failures = :one${assignment}`,
    remove: " REMOVE notBeforeMs",
    condition: asSeen.condition,
    values: { ":one": 1, ...values, ...asSeen.values },
  });
  if ("refused" in first) return chargeAttempt(documents, target, now);
  return { charged: true, item: first.written };
}

/** Takes the one guess of a wait that is over: the condition names the counter exactly as it was seen. */
async function takeSlot(
  documents: DynamoDBDocumentClient,
  target: AttemptTarget,
  seen: SeenCounter,
  now: Clock,
): Promise<Charge> {
  const waitMs = waitAfter(seen.failures + 1, target);
  const { assignment, values } = attemptedNow(target, now());
  const asSeen = unchanged(seen);
  const slot = await update(documents, target, {
    expression: `SET failures = :next, notBeforeMs = :notBefore${assignment}`,
    condition: asSeen.condition,
    values: {
      ":next": seen.failures + 1,
      ":notBefore": now() + waitMs,
      ...values,
      ...asSeen.values,
    },
  });
  if ("refused" in slot) return { charged: false, reason: "waiting", retryAfterMs: waitMs };
  return { charged: true, item: slot.written, slotAfterMs: seen.notBeforeMs };
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
