import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { usageKeys } from "../aws/item-keys.ts";
import { transact } from "../aws/transact.ts";
import { Problem } from "../problem.ts";
import { planChange } from "./plan-statements.ts";
import type { Plan } from "./tiers.ts";

/** Plans change under each other's feet this often before the operator is asked to try again. */
const attemptsMax = 5;

/** Every statement that reads or changes a plan. */
export const planStore = (
  documents: DynamoDBDocumentClient,
  tables: { usage: string; audit: string },
) => ({
  /**
   * Changes a plan and the live counters under it in one transaction, with its audit record.
   * `change` sees the present plan, and answers the wanted one or undefined to leave it as it is.
   *
   * @throws Problem `not-found` for a manufacturer without a plan, `contention`
   */
  async changePlan(
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
      const next: Plan = { ...plan, ...wanted, version: plan.version + 1 };
      const { committed } = await transact(documents, [
        ...planChange(tables.usage, next, entry.timeMs),
        auditPut(tables.audit, { ...entry, manufacturerId }),
      ]);
      if (committed) return next;
    }
    throw new Problem("contention", { headers: { "retry-after": "1" } });
  },
});

export type PlanStore = ReturnType<typeof planStore>;
