import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Role } from "../access/policy.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { ItemKey } from "../aws/item-keys.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Member, Ticket } from "./store.ts";
import { mailBudget } from "./store.ts";
import { hashTicketToken } from "./ticket.ts";
import { putTicket, redeemTicket } from "./ticket-store.ts";

const pageSize = 50;

/** At most this many people are invited by one manufacturer within an hour. */
const invitationsPerHourMax = 30;

/** Index of each conditional statement, by which a refused transaction says why. */
export const statements = {
  invite: { mailBudget: 0, invitations: 1 },
  accept: { ticket: 0, login: 1, member: 2 },
  change: { member: 0, heads: 1 },
} as const;

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
   * Puts an invited member and the ticket of the invitation, unless the manufacturer has invited
   * the address, or people in all, often enough within this hour.
   */
  inviteMember(
    actor: Actor,
    member: Member,
    ticket: { token: string; content: Ticket },
    entry: AuditEntry,
  ): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      mailBudget(
        tables.identity,
        { emailHash: member.emailHash, kind: "invitation", cause: member.manufacturerId },
        entry.timeMs,
      ),
      spend(tables.identity, {
        key: identityKeys.invitations(member.manufacturerId, hourOf(entry.timeMs)),
        max: invitationsPerHourMax,
        endsAtMs: hourEndMs(entry.timeMs),
      }),
      putNew(tables.identity, {
        ...identityKeys.member(member.manufacturerId, member.memberId),
        ...member,
        invitationHash: hashTicketToken(ticket.token),
      }),
      putTicket(tables.identity, ticket),
      auditPut(tables.audit, entry),
    ]);
  },

  /** Uses an invitation up, claims the address, activates the member: all or nothing. */
  acceptInvitation(
    token: string,
    member: Member,
    password: { passwordHash: string; isLongPassword: boolean },
    entry: AuditEntry,
  ): Promise<Outcome> {
    const { manufacturerId, memberId } = member;
    return transact(documents, [
      redeemTicket(tables.identity, token, "invitation", entry.timeMs),
      putNew(tables.identity, {
        ...identityKeys.login(member.emailHash),
        manufacturerId,
        memberId,
        ...password,
        failures: 0,
        knownDevices: {},
      }),
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(manufacturerId, memberId),
          UpdateExpression:
            "SET #status = :active, sessionsValidFromMs = :now REMOVE invitationHash",
          ConditionExpression: "#status = :invited AND #roles = :seen",
          ExpressionAttributeNames: { "#status": "status", "#roles": "roles" },
          ExpressionAttributeValues: {
            ":active": "active",
            ":invited": "invited",
            ":seen": member.roles,
            ":now": entry.timeMs,
          },
        },
      },
      ...(isHead(member.roles) ? [headsUpdate(tables.identity, manufacturerId, 1)] : []),
      putNew(tables.identity, { ...identityKeys.memberOf(memberId), manufacturerId, memberId }),
      auditPut(tables.audit, entry),
    ]);
  },

  /**
   * Changes a role if it still is what was seen. The number of active owners, of operators on the
   * platform, is a counter on the profile whose condition keeps the last one, however many requests race.
   */
  changeRole(actor: Actor, member: Member, role: Role, entry: AuditEntry): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(member.manufacturerId, member.memberId),
          UpdateExpression: "SET #roles = :new",
          ConditionExpression: "#roles = :seen AND #status = :status",
          ExpressionAttributeNames: { "#roles": "roles", "#status": "status" },
          ExpressionAttributeValues: {
            ":new": [role],
            ":seen": member.roles,
            ":status": member.status,
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
            "SET #status = :removed, #roles = :none, endedSessions = :empty REMOVE #name, email, emailHash, invitationHash",
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
      { Delete: { TableName: tables.identity, Key: wayIn(member) } },
      auditPut(tables.audit, entry),
    ]);
  },
});

export type MemberStore = ReturnType<typeof memberStore>;

/** What lets a member in: their sign-in, or before they have one the link of their invitation. */
const wayIn = (member: Member): ItemKey =>
  member.invitationHash === undefined
    ? identityKeys.login(member.emailHash)
    : identityKeys.ticket(member.invitationHash);

const putNew = (table: string, item: Record<string, unknown>): Statement => ({
  Put: {
    TableName: table,
    Item: item,
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
  },
});

/** Whether somebody is one of those without whom nobody could act for a manufacturer, or the platform. */
const isHead = (roles: readonly Role[]): boolean =>
  roles.includes("owner") || roles.includes("operator");

/** Keeps the counter of heads who can sign in true when a member's role changes or ends. */
function headsChange(table: string, member: Member, role: Role | undefined): Statement[] {
  if (member.status !== "active") return [];
  const becomesHead = role !== undefined && isHead([role]);
  if (isHead(member.roles) === becomesHead) return [];
  return [headsUpdate(table, member.manufacturerId, becomesHead ? 1 : -1)];
}

/** Refuses to take the last one away. */
const headsUpdate = (table: string, manufacturerId: string, change: 1 | -1): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.profile(manufacturerId),
    UpdateExpression: "SET owners = owners + :change",
    ConditionExpression: "owners > :least",
    ExpressionAttributeValues: { ":change": change, ":least": change === 1 ? 0 : 1 },
  },
});
