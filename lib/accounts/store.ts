import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Role } from "../access/policy.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys, usageKeys } from "../aws/item-keys.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { FactorChange } from "../mfa/factor-change.ts";
import type { SecondFactors } from "../mfa/second-factors.ts";
import type { Profile, StoredProfile } from "./profile.ts";
import type { SealedByToken } from "./sealed-sign-up.ts";
import type { TicketKind } from "./ticket.ts";
import { hashTicketToken } from "./ticket.ts";
import { putTicket, redeemTicket } from "./ticket-store.ts";

export interface Member {
  manufacturerId: string;
  memberId: string;
  name: string;
  email: string;
  /** Finds the member's sign-in without knowing the address. */
  emailHash: string;
  roles: readonly Role[];
  status: "active" | "invited" | "suspended" | "removed";
  createdAtMs: number;
  sessionsValidFromMs: number;
  /** How often the password was set anew or voided; absent for never. A reset link is good for one. */
  passwordVersion?: number;
  endedSessions: Record<string, number>;
  /** Absent until the first factor is confirmed. */
  secondFactors?: SecondFactors;
  /** Digest of the secret of an invitation that was not followed yet. */
  invitationHash?: string;
  /** Who stands for the invitation: it is good only while they may give the role. */
  invitedBy?: string;
  invitedAtMs?: number;
  invitationExpiresAtMs?: number;
}

/** A link that was sent, and what following it will do. */
export interface Ticket {
  ticketId: string;
  kind: TicketKind;
  /**
   * Where the link was sent; gone once it was followed. Absent for one that goes to the member's own
   * address.
   */
  email?: string;
  expiresAtMs: number;
  /** Set once the link was followed; what it needed is gone then. */
  redeemedAtMs?: number;
  manufacturerId: string;
  memberId: string;
  signUp?: SealedByToken;
  /** The hash of the password that a sign-up chose; stays, so that the same link again asks for it too. */
  passwordHash?: SealedByToken;
  /** What a link "this was not me" takes back. */
  change?: FactorChange;
  /** The password that a reset link replaces: it is void once that one is not the member's any more. */
  passwordVersion?: number;
}

export interface SignUp {
  profile: Profile;
  ownerName: string;
  emailHash: string;
  isLongPassword: boolean;
}

/** At most this many e-mails of a kind are asked for at one address within an hour. */
const mailsPerHourMax = 5;

/**
 * What an e-mail is about: who spends one kind suppresses no other. A link that its owner forgot the
 * password for is another than one that an administrator started.
 */
export type MailKind = "invitation" | "password-forgotten" | "password-reset";

interface MailPlace {
  emailHash: string;
  kind: MailKind;
  /** Whose requests are counted together: a manufacturer's; all unless said. */
  cause?: string;
}

/** A function names the tables it may touch; a statement on another fails closed. */
interface StoreTables {
  identity: string;
  usage?: string;
  audit?: string;
}

/** Every statement of the domain. */
export const accountStore = (documents: DynamoDBDocumentClient, tables: StoreTables) => ({
  /** Who signs in with this address, if anybody. */
  async findLogin(
    emailHash: string,
  ): Promise<{ manufacturerId: string; memberId: string } | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        Key: identityKeys.login(emailHash),
        ProjectionExpression: "manufacturerId, memberId",
      }),
    );
    return Item as { manufacturerId: string; memberId: string } | undefined;
  },

  async readProfile(manufacturerId: string): Promise<StoredProfile | undefined> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: tables.identity, Key: identityKeys.profile(manufacturerId) }),
    );
    return Item as StoredProfile | undefined;
  },

  async readPlan(manufacturerId: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: tables.usage, Key: usageKeys.plan(manufacturerId) }),
    );
    return Item;
  },

  async readMember(manufacturerId: string, memberId: string): Promise<Member | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.member(manufacturerId, memberId),
      }),
    );
    return Item as Member | undefined;
  },

  async readTicket(token: string): Promise<Ticket | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.ticket(hashTicketToken(token)),
      }),
    );
    return Item as Ticket | undefined;
  },

  /**
   * Stores a ticket and the audit entry that makes the notifier send it, unless the address has had
   * its e-mails for this hour. What a member asks for is sent only while they may.
   */
  requestMail(
    { emailHash, kind }: MailPlace,
    ticket: { token: string; content: Ticket },
    entry: AuditEntry,
    actor?: Actor,
  ): Promise<Outcome> {
    const statements = [
      mailBudget(tables.identity, { emailHash, kind }, entry.timeMs),
      auditPut(tables.audit, entry),
      putTicket(tables.identity, ticket),
    ];
    return actor
      ? transactAs(documents, tables.identity, actor, statements)
      : transact(documents, statements);
  },

  /** Spends one of an address' e-mails without sending any. */
  spendMail(place: MailPlace, nowMs: number): Promise<Outcome> {
    return transact(documents, [mailBudget(tables.identity, place, nowMs)]);
  },

  /**
   * Makes the manufacturer, its owner and the sign-in of a verified address, all or nothing. The
   * address is claimed by the sign-in's condition: statement 1 fails where somebody has it already,
   * statement 0 where the link was used meanwhile.
   */
  redeemSignUp(
    token: string,
    ticket: Pick<Ticket, "manufacturerId" | "memberId"> & { email: string },
    signUp: Omit<SignUp, "profile"> & { profile: StoredProfile; passwordHash: string },
    entry: AuditEntry,
  ): Promise<Outcome> {
    const { manufacturerId, memberId, email } = ticket;
    const owner: Member = {
      manufacturerId,
      memberId,
      name: signUp.ownerName,
      email,
      emailHash: signUp.emailHash,
      roles: ["owner"],
      status: "active",
      createdAtMs: entry.timeMs,
      sessionsValidFromMs: entry.timeMs,
      endedSessions: {},
    };
    const put = (table: string | undefined, item: Record<string, unknown>): Statement => ({
      Put: {
        TableName: table,
        Item: item,
        ConditionExpression: `attribute_not_exists(${partitionKey})`,
      },
    });
    return transact(documents, [
      redeemTicket(tables.identity, token, "sign-up", entry.timeMs),
      put(tables.identity, {
        ...identityKeys.login(signUp.emailHash),
        manufacturerId,
        memberId,
        passwordHash: signUp.passwordHash,
        isLongPassword: signUp.isLongPassword,
        failures: 0,
        knownDevices: {},
      }),
      put(tables.identity, {
        ...identityKeys.profile(manufacturerId),
        ...signUp.profile,
        owners: 1,
      }),
      put(tables.identity, { ...identityKeys.member(manufacturerId, memberId), ...owner }),
      put(tables.identity, { ...identityKeys.memberOf(memberId), manufacturerId, memberId }),
      put(tables.usage, {
        ...usageKeys.plan(manufacturerId),
        manufacturerId,
        tier: "free",
        version: 1,
        overrides: {},
        terms: [{ fromMs: entry.timeMs, tier: "free", overrides: {} }],
      }),
      auditPut(tables.audit, entry),
    ]);
  },
});

export type AccountStore = ReturnType<typeof accountStore>;

/** One e-mail of the address' hourly few of a kind. */
export const mailBudget = (
  table: string,
  { emailHash, kind, cause }: MailPlace,
  nowMs: number,
): Statement =>
  spend(table, {
    key: identityKeys.mailBudget(emailHash, kind, hourOf(nowMs), cause),
    max: mailsPerHourMax,
    endsAtMs: hourEndMs(nowMs),
  });
