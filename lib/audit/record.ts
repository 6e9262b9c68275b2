import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { auditKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { toRfc3339 } from "../clock.ts";
import { newId } from "../id.ts";
import type { ActorKind, Origin } from "./origin.ts";
import { actorKindOf } from "./origin.ts";

/**
 * What happened, by whom, from where, to what: ids, never a secret. The only words of people's own in
 * it are the reason that an operator gives for a limit, and what a client calls itself.
 */
export interface AuditEntry {
  manufacturerId: string;
  /** Dotted, from the domain to the past participle: `accounts.member.removed`. */
  action: string;
  outcome: "success" | "failure";
  /** The member who acted; absent where nobody is signed in. */
  actorId?: string | undefined;
  /** What was acted upon. */
  subjectId?: string | undefined;
  /** From the request, or `systemOrigin`. */
  origin: Origin;
  timeMs: number;
  details?: Record<string, string | number | boolean | readonly string[]> | undefined;
}

/** An entry as stored, published and listed: its origin lies flat in it. */
export type AuditRecord = Omit<AuditEntry, "timeMs" | "origin"> &
  Omit<Origin, "actorKind"> & {
    recordId: string;
    actorKind: ActorKind;
    /** RFC 3339 in UTC. */
    time: string;
  };

/** The statement that writes an entry; part of the transaction that makes the change. */
export function auditPut(
  table: string | undefined,
  { timeMs, origin, ...entry }: AuditEntry,
): Statement {
  const time = toRfc3339(timeMs);
  const recordId = newId("record");
  return {
    Put: {
      TableName: table,
      Item: {
        ...auditKeys.record(entry.manufacturerId, time, recordId),
        recordId,
        time,
        ...origin,
        actorKind: origin.actorKind ?? actorKindOf(entry),
        ...entry,
      },
      ConditionExpression: `attribute_not_exists(${partitionKey})`,
    },
  };
}

/** Prepares a record: what it returns writes it, once however often it is called. */
export type PrepareRecord = (entry: AuditEntry) => () => Promise<void>;

/** Records of their own, outside a transaction. */
export const recordPreparer =
  (documents: DynamoDBDocumentClient, table: string): PrepareRecord =>
  (entry) => {
    const { Put } = auditPut(table, entry);
    return async () => {
      if (!Put) return;
      await documents.send(new PutCommand(Put)).catch((error: unknown) => {
        // Nobody else has its random id: it is there because it was sent before and got no answer.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    };
  };

export type RecordFailure = (entry: Omit<AuditEntry, "outcome">) => Promise<void>;

/** Records what was refused; successes are written by the change's own transaction. */
export function failureRecorder(documents: DynamoDBDocumentClient, table: string): RecordFailure {
  const prepareRecord = recordPreparer(documents, table);
  return (entry) => prepareRecord({ ...entry, outcome: "failure" })();
}
