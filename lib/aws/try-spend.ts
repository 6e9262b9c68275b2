import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { PeriodBudget } from "./period-budget.ts";
import { spend } from "./period-budget.ts";

/** Takes so many uses of a budget by one conditional update; false where fewer are left. */
export type TrySpend = (budget: PeriodBudget, uses?: number) => Promise<boolean>;

export const trySpend =
  (documents: DynamoDBDocumentClient, table: string): TrySpend =>
  async (budget, uses) => {
    try {
      await documents.send(new UpdateCommand(spend(table, budget, uses).Update));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
