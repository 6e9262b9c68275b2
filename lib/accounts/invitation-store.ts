import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import { grantersOf, grantLostAt } from "../access/rank.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { headsUpdate, isHead } from "./member-store.ts";
import type { Member, Ticket } from "./store.ts";
import { mailBudget } from "./store.ts";
import { hashTicketToken } from "./ticket.ts";
import { putTicket, redeemTicket } from "./ticket-store.ts";

/** At most this many invitations are sent by one manufacturer within an hour. */
const invitationsPerHourMax = 30;

/** Index of each conditional statement, by which a refused transaction says why. */
export const invitationStatements = {
  send: { mailBudget: 0, invitations: 1 },
  first: { address: 2, login: 3 },
  accept: { ticket: 0, login: 1 },
} as const;

/** A member who was invited, and who stands for it. */
export type InvitedMember = Member &
  Required<Pick<Member, "invitedBy" | "invitedAtMs" | "invitationExpiresAtMs">>;

interface Link {
  token: string;
  content: Ticket;
}

/** Every statement on invitations. */
export const invitationStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
) => {
  /** One of the address' e-mails and one of the manufacturer's invitations for this hour. */
  const spendInvitation = (member: Member, nowMs: number): Statement[] => [
    mailBudget(
      tables.identity,
      { emailHash: member.emailHash, kind: "invitation", cause: member.manufacturerId },
      nowMs,
    ),
    spend(tables.identity, {
      key: identityKeys.invitations(member.manufacturerId, hourOf(nowMs)),
      max: invitationsPerHourMax,
      endsAtMs: hourEndMs(nowMs),
    }),
  ];

  return {
    /**
     * Puts an invited member and the ticket of the invitation, unless a budget is used up, the address
     * is invited here already, or signs in here. Whether it signs in elsewhere is not looked at.
     */
    inviteMember(
      actor: Actor,
      member: InvitedMember,
      link: Link,
      entry: AuditEntry,
    ): Promise<Outcome> {
      const { manufacturerId, memberId, emailHash } = member;
      const address = identityKeys.invitedAddress(manufacturerId, emailHash);
      return transactAs(documents, tables.identity, actor, [
        ...spendInvitation(member, entry.timeMs),
        putNew(tables.identity, { ...address, invitedMemberId: memberId }),
        {
          ConditionCheck: {
            TableName: tables.identity,
            Key: identityKeys.login(emailHash),
            ConditionExpression: `attribute_not_exists(${partitionKey}) OR manufacturerId <> :own`,
            ExpressionAttributeValues: { ":own": manufacturerId },
          },
        },
        putNew(tables.identity, {
          ...identityKeys.member(manufacturerId, memberId),
          ...member,
          invitationHash: hashTicketToken(link.token),
        }),
        putTicket(tables.identity, link),
        auditPut(tables.audit, entry),
      ]);
    },

    /**
     * Uses an invitation up, claims the address, activates the member: all or nothing, and only while
     * whoever stands for it may give that role and has been able to ever since.
     */
    acceptInvitation(
      token: string,
      member: InvitedMember,
      password: { passwordHash: string; isLongPassword: boolean },
      entry: AuditEntry,
    ): Promise<Outcome> {
      const { manufacturerId, memberId, emailHash } = member;
      const address = identityKeys.invitedAddress(manufacturerId, emailHash);
      return transact(documents, [
        redeemTicket(tables.identity, token, "invitation", entry.timeMs),
        putNew(tables.identity, {
          ...identityKeys.login(emailHash),
          manufacturerId,
          memberId,
          ...password,
          failures: 0,
          knownDevices: {},
        }),
        activate(tables.identity, member, entry.timeMs),
        inviterMayGrant(tables.identity, member),
        ...(isHead(member.roles) ? [headsUpdate(tables.identity, manufacturerId, 1)] : []),
        putNew(tables.identity, { ...identityKeys.memberOf(memberId), manufacturerId, memberId }),
        { Delete: { TableName: tables.identity, Key: address } },
        auditPut(tables.audit, entry),
      ]);
    },
  };
};

export type InvitationStore = ReturnType<typeof invitationStore>;

const putNew = (table: string, item: Record<string, unknown>): Statement => ({
  Put: {
    TableName: table,
    Item: item,
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

const activate = (table: string, member: InvitedMember, nowMs: number): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.member(member.manufacturerId, member.memberId),
    UpdateExpression:
      "SET #status = :active, sessionsValidFromMs = :now REMOVE invitationHash, invitedBy, invitedAtMs, invitationExpiresAtMs",
    ConditionExpression:
      "#status = :invited AND #roles = :seen AND invitedBy = :by AND invitedAtMs = :at",
    ExpressionAttributeNames: { "#status": "status", "#roles": "roles" },
    ExpressionAttributeValues: {
      ":active": "active",
      ":invited": "invited",
      ":seen": member.roles,
      ":by": member.invitedBy,
      ":at": member.invitedAtMs,
      ":now": nowMs,
    },
  },
});

/** Holds while the inviter is active, may give the role, and has not lost that since they invited. */
function inviterMayGrant(
  table: string,
  { manufacturerId, invitedBy, invitedAtMs, roles: [role] }: InvitedMember,
): Statement {
  const granters = role === undefined ? [] : grantersOf(role);
  const values = Object.fromEntries(granters.map((granter, index) => [`:g${index}`, granter]));
  const holdsOne = Object.keys(values).map((name) => `contains(#roles, ${name})`);
  return {
    ConditionCheck: {
      TableName: table,
      Key: identityKeys.member(manufacturerId, invitedBy),
      ConditionExpression: [
        "#status = :active",
        `(${holdsOne.join(" OR ")})`,
        "(attribute_not_exists(#lost) OR #lost < :at)",
      ].join(" AND "),
      ExpressionAttributeNames: {
        "#status": "status",
        "#roles": "roles",
        "#lost": grantLostAt(role ?? "viewer"),
      },
      ExpressionAttributeValues: { ":active": "active", ":at": invitedAtMs, ...values },
    },
  };
}
