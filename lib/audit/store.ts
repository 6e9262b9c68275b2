import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { auditKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { AuditRecord } from "./record.ts";

/** What is looked for; nothing said, everything. */
export interface AuditFilter {
  actorId?: string | undefined;
  /** A whole action, or the beginning of some up to a dot. */
  action?: string | undefined;
  outcome?: AuditRecord["outcome"] | undefined;
}

export interface DayQuery extends AuditFilter {
  manufacturerId: string;
  day: string;
  /** Only records whose sort keys are before this one; a day alone means all of it. */
  end: string;
  /** Records that are looked at, whether they fit or not. */
  limit: number;
}

/**
 * One manufacturer's records of a day, newest first. `lastSortKey` is set where the day may hold more.
 */
export type AuditReader = (
  query: DayQuery,
) => Promise<{ records: AuditRecord[]; lastSortKey: string | undefined }>;

export const auditReader =
  (documents: DynamoDBDocumentClient, table: string): AuditReader =>
  async ({ manufacturerId, day, end, limit, ...filter }) => {
    const { condition, names, values } = filterOf(filter);
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${partitionKey} = :day AND ${sortKey} < :end`,
        FilterExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ":day": auditKeys.day(manufacturerId, day),
          // A day alone sorts before all its times: take the whole day.
          ":end": end.length === 10 ? `${day}U` : end,
          ...values,
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

/** The filter as DynamoDB takes it; undefined parts where nothing is filtered. */
function filterOf({ actorId, action, outcome }: AuditFilter) {
  const parts = [
    actorId === undefined ? [] : ["#actorId = :actorId"],
    action === undefined ? [] : ["(#action = :action OR begins_with(#action, :actionPrefix))"],
    outcome === undefined ? [] : ["#outcome = :outcome"],
  ].flat();
  if (parts.length === 0) return { condition: undefined, names: undefined, values: {} };
  const asked = Object.entries({ actorId, action, outcome }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    condition: parts.join(" AND "),
    names: Object.fromEntries(asked.map(([name]) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(asked.map(([name, value]) => [`:${name}`, value])),
      ...(action === undefined ? {} : { ":actionPrefix": `${action}.` }),
    },
  };
}
