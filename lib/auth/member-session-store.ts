import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Member } from "../accounts/store.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Outcome } from "../aws/transact.ts";

/** Ends every session of a member that began before a moment, epoch ms. */
export type EndAllSessions = (
  actor: Actor,
  member: Pick<Member, "manufacturerId" | "memberId" | "roles" | "status">,
  validFromMs: number,
  entry: AuditEntry,
) => Promise<Outcome>;

/**
 * One statement for all sessions, however many there are and whether or not they were listed, and for
 * every sign-in whose password was proven before. It fails where the member's roles or status are not
 * those that were seen, or where as late a moment is set already.
 */
export const allSessionsEnder =
  (
    documents: DynamoDBDocumentClient,
    tables: { identity: string; audit: string },
  ): EndAllSessions =>
  (actor, { manufacturerId, memberId, roles, status }, validFromMs, entry) =>
    transactAs(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(manufacturerId, memberId),
          UpdateExpression: "SET sessionsValidFromMs = :validFrom",
          ConditionExpression:
            "#roles = :seen AND #status = :status AND sessionsValidFromMs < :validFrom",
          ExpressionAttributeNames: { "#roles": "roles", "#status": "status" },
          ExpressionAttributeValues: {
            ":validFrom": validFromMs,
            ":seen": roles,
            ":status": status,
          },
        },
      },
      auditPut(tables.audit, entry),
    ]);
