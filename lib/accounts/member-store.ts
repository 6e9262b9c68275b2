import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Role } from "../access/policy.ts";
import { grantable, grantLostAt } from "../access/rank.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import type { Member } from "./store.ts";

const pageSize = 50;

/** Index of each conditional statement, by which a refused transaction says why. */
export const changeStatements = { member: 0, heads: 1 } as const;

/** Every statement on a manufacturer's members. */
export const memberStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
) => ({
  /** One page of members in order of their ids, removed ones left out. */
  async listMembers(
    manufacturerId: string,
    afterMemberId?: string,
  ): Promise<{ members: Member[]; lastMemberId: string | undefined }> {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: tables.identity,
        KeyConditionExpression: `${partitionKey} = :manufacturer AND begins_with(sk, :prefix)`,
        FilterExpression: "#status <> :removed",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":manufacturer": identityKeys.profile(manufacturerId).pk,
          ":prefix": identityKeys.memberPrefix,
          ":removed": "removed",
        },
        Limit: pageSize,
        ...(afterMemberId && {
          ExclusiveStartKey: identityKeys.member(manufacturerId, afterMemberId),
        }),
      }),
    );
    const lastKey = LastEvaluatedKey?.["sk"] as string | undefined;
    return {
      members: Items as Member[],
      lastMemberId: lastKey?.slice(identityKeys.memberPrefix.length),
    };
  },

  /**
   * Changes a role if it still is what was seen. The number of active owners, of operators on the
   * platform, is a counter on the profile whose condition keeps the last one, however many requests race.
   * Grants that the role takes away are void for good: invitations that stood on them do not come back
   * with the role. Whoever gives an invited member another role stands for the invitation from then on.
   */
  changeRole(actor: Actor, member: Member, role: Role, entry: AuditEntry): Promise<Outcome> {
    const lost = grantable(member.roles).filter((other) => !grantable([role]).includes(other));
    const isInvited = member.status === "invited";
    const assignments = [
      "#roles = :new",
      ...lost.map((other) => `${grantLostAt(other)} = :now`),
      ...(isInvited ? ["invitedBy = :actor", "invitedAtMs = :now"] : []),
    ];
    return transactAs(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(member.manufacturerId, member.memberId),
          UpdateExpression: `SET ${assignments.join(", ")}`,
          ConditionExpression: "#roles = :seen AND #status = :status",
          ExpressionAttributeNames: { "#roles": "roles", "#status": "status" },
          ExpressionAttributeValues: {
            ":new": [role],
            ":seen": member.roles,
            ":status": member.status,
            ...((lost.length > 0 || isInvited) && { ":now": entry.timeMs }),
            ...(isInvited && { ":actor": actor.memberId }),
          },
        },
      },
      ...headsChange(tables.identity, member, role),
      auditPut(tables.audit, entry),
    ]);
  },

  /**
   * Removes a member: the item stays as a tombstone without personal data, so that tokens are refused
   * and audit ids keep their meaning; the sign-in goes at once, the rest by the event this raises.
   */
  removeMember(actor: Actor, member: Member, entry: AuditEntry): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(member.manufacturerId, member.memberId),
          UpdateExpression:
            "SET #status = :removed, #roles = :none, endedSessions = :empty REMOVE #name, email, emailHash, invitationHash, invitedBy, invitedAtMs, invitationExpiresAtMs",
          ConditionExpression: "#roles = :seen AND #status = :status",
          ExpressionAttributeNames: { "#roles": "roles", "#status": "status", "#name": "name" },
          ExpressionAttributeValues: {
            ":removed": "removed",
            ":none": [],
            ":empty": {},
            ":seen": member.roles,
            ":status": member.status,
          },
        },
      },
      ...headsChange(tables.identity, member, undefined),
      ...waysIn(member).map((Key) => ({ Delete: { TableName: tables.identity, Key } })),
      auditPut(tables.audit, entry),
    ]);
  },
});

export type MemberStore = ReturnType<typeof memberStore>;

/** What lets a member in: their sign-in, or before they have one their invitation. */
const waysIn = (member: Member): ItemKey[] =>
  member.invitationHash === undefined
    ? [identityKeys.login(member.emailHash)]
    : [
        identityKeys.ticket(member.invitationHash),
        identityKeys.invitedAddress(member.manufacturerId, member.emailHash),
      ];

/** Whether somebody is one of those without whom nobody could act for a manufacturer, or the platform. */
export const isHead = (roles: readonly Role[]): boolean =>
  roles.includes("owner") || roles.includes("operator");

/** Keeps the counter of heads who can sign in true when a member's role changes or ends. */
function headsChange(table: string, member: Member, role: Role | undefined): Statement[] {
  if (member.status !== "active") return [];
  const becomesHead = role !== undefined && isHead([role]);
  if (isHead(member.roles) === becomesHead) return [];
  return [headsUpdate(table, member.manufacturerId, becomesHead ? 1 : -1)];
}

/** Refuses to take the last one away. */
export const headsUpdate = (table: string, manufacturerId: string, change: 1 | -1): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.profile(manufacturerId),
    UpdateExpression: "SET owners = owners + :change",
    ConditionExpression: "owners > :least",
    ExpressionAttributeValues: { ":change": change, ":least": change === 1 ? 0 : 1 },
  },
});
