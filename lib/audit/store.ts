import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { auditKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { AuditRecord } from "./record.ts";

/**
 * One manufacturer's records of a day that sort before `end`, newest first. `lastSortKey` is set
 * where the day may hold more.
 */
export type AuditReader = (
  manufacturerId: string,
  day: string,
  end: string,
  limit: number,
) => Promise<{ records: AuditRecord[]; lastSortKey: string | undefined }>;

export const auditReader =
  (documents: DynamoDBDocumentClient, table: string): AuditReader =>
  async (manufacturerId, day, end, limit) => {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${partitionKey} = :day AND ${sortKey} < :end`,
        ExpressionAttributeValues: {
          ":day": auditKeys.day(manufacturerId, day),
          // A day alone sorts before all its times: take the whole day.
          ":end": end.length === 10 ? `${day}U` : end,
        },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return {
      records: Items.map(
        ({ [partitionKey]: _, [sortKey]: __, ...record }) => record as AuditRecord,
      ),
      lastSortKey: LastEvaluatedKey?.[sortKey] as string | undefined,
    };
  };
