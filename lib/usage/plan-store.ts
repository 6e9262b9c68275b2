import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { usageKeys } from "../aws/item-keys.ts";
import { contention, pauseAfterConflict } from "../aws/resend-conflicting.ts";
import type { Statement } from "../aws/transact.ts";
import { Problem } from "../problem.ts";
import { withNewTerms } from "./plan-history.ts";
import { planChange } from "./plan-statements.ts";
import type { Plan } from "./tiers.ts";

/**
 * A change starts over when another one came first, or when charges keep its transaction from the
 * counters: some seconds in all, before the operator is asked to try again.
 */
const attemptsMax = 10;

/** No pause is longer than 160 ms. */
const pauseExponentMax = 3;

/** Whether the transaction was written; a conflict that persists is as good as a plan that moved. */
async function commits(
  documents: DynamoDBDocumentClient,
  identityTable: string,
  actor: Actor,
  statements: readonly Statement[],
): Promise<boolean> {
  try {
    return (await transactAs(documents, identityTable, actor, statements)).committed;
  } catch (error) {
    if (error instanceof Problem && error.code === "contention") return false;
    throw error;
  }
}

/** Every statement that reads or changes a plan. */
export const planStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; usage: string; audit: string },
) => ({
  /**
   * Changes a plan and the live counters under it in one transaction, with its audit record, while the
   * operator may still do so.
   * `change` sees the present plan, and answers the wanted one or undefined to leave it as it is.
   *
   * @throws Problem `not-found` for a manufacturer without a plan, `contention`, and what `transactAs` throws
   */
  async changePlan(
    actor: Actor,
    manufacturerId: string,
    change: (plan: Plan) => Pick<Plan, "tier" | "overrides"> | undefined,
    entry: Omit<AuditEntry, "manufacturerId">,
  ): Promise<Plan> {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const { Item } = await documents.send(
        new GetCommand({
          TableName: tables.usage,
          ConsistentRead: true,
          Key: usageKeys.plan(manufacturerId),
        }),
      );
      if (!Item) throw new Problem("not-found");
      const plan = Item as Plan;
      const wanted = change(plan);
      if (!wanted) return plan;
      const next: Plan = {
        ...plan,
        ...wanted,
        version: plan.version + 1,
        terms: withNewTerms(plan, wanted, entry.timeMs),
      };
      const statements = [
        ...planChange(tables.usage, next, entry.timeMs),
        auditPut(tables.audit, { ...entry, manufacturerId }),
      ];
      if (await commits(documents, tables.identity, actor, statements)) return next;
      await pauseAfterConflict(Math.min(attempt, pauseExponentMax));
    }
    throw contention(undefined);
  },
});

export type PlanStore = ReturnType<typeof planStore>;
