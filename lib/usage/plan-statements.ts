import { usageKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import { activePut, applyQuota } from "./counter-statements.ts";
import { livePeriods } from "./period.ts";
import type { Plan } from "./tiers.ts";
import { resources } from "./tiers.ts";

/** Fails unless the plan is still the one that was read. */
export const planCheck = (table: string, { manufacturerId, version }: Plan): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: usageKeys.plan(manufacturerId),
    ConditionExpression: "#version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version },
  },
});

/**
 * Replaces a plan and brings every counter under it that some environment may be charging: from the
 * commit on no charge is judged by the old plan. A period that has ended keeps its counters, so that
 * it is invoiced by the terms it ended with. Statement 0 fails when the plan changed meanwhile.
 */
export const planChange = (table: string, plan: Plan, nowMs: number): Statement[] => [
  {
    Update: {
      TableName: table,
      Key: usageKeys.plan(plan.manufacturerId),
      UpdateExpression:
        "SET tier = :tier, overrides = :overrides, terms = :terms, #version = :version",
      ConditionExpression: "#version = :previous",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: {
        ":tier": plan.tier,
        ":overrides": plan.overrides,
        ":terms": plan.terms,
        ":version": plan.version,
        ":previous": plan.version - 1,
      },
    },
  },
  ...livePeriods(nowMs)
    .filter(({ endsAtMs }) => endsAtMs > nowMs)
    .flatMap((period) => [
      ...resources.map((resource) =>
        // The next period is judged by its first moment.
        applyQuota(table, plan, { resource, period, nowMs: Math.max(nowMs, period.startsAtMs) }),
      ),
      activePut(table, plan.manufacturerId, period),
    ]),
];
