import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { AuditRecord } from "./record.ts";

export interface PublishDependencies {
  publish: (records: readonly AuditRecord[]) => Promise<void>;
  /** Called with the number of records that were changed or removed by anybody but the table's TTL. */
  reportTampering: (records: number) => void;
}

/**
 * Publishes each new audit record as a domain event, in order; Lambda repeats a batch that failed,
 * so an event may arrive twice, always with the same `recordId`. Records are written once and never
 * changed: anything else on the stream is tampering.
 */
export async function publishAuditRecords(
  event: DynamoDBStreamEvent,
  { publish, reportTampering }: PublishDependencies,
): Promise<{ published: number; tampered: number }> {
  const tampered = event.Records.filter(isTampering).length;
  if (tampered > 0) reportTampering(tampered);
  const records = event.Records.flatMap(({ eventName, dynamodb }) =>
    eventName === "INSERT" && dynamodb?.NewImage
      ? [toRecord(dynamodb.NewImage as Record<string, AttributeValue>)]
      : [],
  );
  await publish(records);
  return { published: records.length, tampered };
}

const timeToLivePrincipal = "dynamodb.amazonaws.com";

const isTampering = ({ eventName, userIdentity }: DynamoDBRecord): boolean =>
  eventName !== "INSERT" && userIdentity?.principalId !== timeToLivePrincipal;

function toRecord(image: Record<string, AttributeValue>): AuditRecord {
  const { [partitionKey]: _, [sortKey]: __, ...record } = unmarshall(image);
  return record as AuditRecord;
}
