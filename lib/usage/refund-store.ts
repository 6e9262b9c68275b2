import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { refundUpdate } from "./counter-statements.ts";
import { ledgerRefund, refundPut } from "./ledger-statements.ts";
import { periodAt } from "./period.ts";
import type { Adjustment, Refund } from "./refund.ts";

const owedKey = ({ manufacturerId, resource, requestId, id, idempotencyKey }: Refund) =>
  usageKeys.owedRefund(manufacturerId, resource, idempotencyKey === undefined ? id : requestId);

/** Every statement that gives a charge back, or remembers that it has to be. */
export const refundStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /**
   * Gives a charge back, once: with a key what the ledger says that this very request was charged for,
   * after which the key may be charged again; without one under the refund's id. A closed period stays
   * as it was invoiced: the refund is recorded beside it as an adjustment, in the same transaction.
   *
   * @returns false where there is nothing to give back, or no longer
   * @throws Problem `contention`
   */
  async payRefund(refund: Refund): Promise<boolean> {
    const { manufacturerId, chargedAtMs, idempotencyKey } = refund;
    const period = periodAt(chargedAtMs);
    const payment = [
      refundUpdate(table, { ...refund, nowMs: chargedAtMs, period }),
      idempotencyKey === undefined
        ? refundPut(table, refund)
        : ledgerRefund(table, { ...refund, idempotencyKey }),
    ];
    const whileOpen = await transact(documents, [
      ...payment,
      periodIsOpen(table, manufacturerId, period.name),
    ]);
    if (whileOpen.committed) return true;
    const isClosed = whileOpen.failed.size === 1 && whileOpen.failed.has(payment.length);
    if (!isClosed) return false;
    const { committed } = await transact(documents, [...payment, adjustmentPut(table, refund)]);
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

const periodIsOpen = (table: string, manufacturerId: string, period: string): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: usageKeys.close(manufacturerId, period),
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
  },
});

const adjustmentPut = (table: string, refund: Refund): Statement => {
  const { manufacturerId, resource, amount, chargedAtMs, refundedAtMs, requestId, id } = refund;
  const adjustment: Adjustment = { resource, units: -amount, atMs: refundedAtMs, requestId };
  return {
    Put: {
      TableName: table,
      Item: {
        ...usageKeys.adjustment(manufacturerId, periodAt(chargedAtMs).name, `${resource}#${id}`),
        ...adjustment,
      },
      ConditionExpression: `attribute_not_exists(${partitionKey})`,
    },
  };
};

export type RefundStore = ReturnType<typeof refundStore>;
