import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import { transact } from "../aws/transact.ts";
import { refundUpdate } from "./counter-statements.ts";
import { ledgerRefund, refundPut } from "./ledger-statements.ts";
import { periodAt } from "./period.ts";
import type { Refund } from "./refund.ts";

const owedKey = ({ manufacturerId, resource, requestId, id, idempotencyKey }: Refund) =>
  usageKeys.owedRefund(manufacturerId, resource, idempotencyKey === undefined ? id : requestId);

/** Every statement that gives a charge back, or remembers that it has to be. */
export const refundStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /**
   * Gives a charge back, once: with a key what the ledger says that this very request was charged for,
   * after which the key may be charged again; without one under the refund's id.
   *
   * @returns false where there is nothing to give back, or no longer
   * @throws Problem `contention`
   */
  async payRefund(refund: Refund): Promise<boolean> {
    const { chargedAtMs, idempotencyKey } = refund;
    const charge = { ...refund, nowMs: chargedAtMs, period: periodAt(chargedAtMs) };
    const { committed } = await transact(documents, [
      refundUpdate(table, charge),
      idempotencyKey === undefined
        ? refundPut(table, refund)
        : ledgerRefund(table, { ...refund, idempotencyKey }),
    ]);
    return committed;
  },

  /** Writes down that a charge has to be given back. */
  async oweRefund(refund: Refund): Promise<void> {
    await documents.send(
      new PutCommand({ TableName: table, Item: { ...owedKey(refund), ...refund } }),
    );
  },

  /** Takes a refund off what is owed: it was paid, or its charge is used after all. */
  async forgiveRefund(refund: Refund): Promise<void> {
    await documents.send(new DeleteCommand({ TableName: table, Key: owedKey(refund) }));
  },

  /** A page of what is owed. */
  async listOwedRefunds(
    afterKey: string | undefined,
  ): Promise<{ refunds: Refund[]; lastKey: string | undefined }> {
    const pk = usageKeys.owedRefunds;
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :owed`,
        ExpressionAttributeValues: { ":owed": pk },
        ...(afterKey === undefined ? {} : { ExclusiveStartKey: { pk, sk: afterKey } }),
        Limit: 100,
      }),
    );
    return {
      refunds: Items as Refund[],
      lastKey: LastEvaluatedKey?.[sortKey] as string | undefined,
    };
  },
});

export type RefundStore = ReturnType<typeof refundStore>;
