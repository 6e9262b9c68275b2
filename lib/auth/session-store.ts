import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Role } from "../access/policy.ts";
import { redeemTicket } from "../accounts/ticket-store.ts";
import type { Origin } from "../audit/origin.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import { accessTokenLifetimeSeconds } from "./access-token.ts";
import { endIfAlive } from "./other-sessions.ts";
import { isPasswordVersion, nextPasswordVersion, passwordVersionUp } from "./password-version.ts";
import type { Session, SessionClaims } from "./session.ts";
import { sessionIdleMs } from "./session.ts";

export interface StoredSession extends Session {
  endedAtMs?: number;
}

/** A session that has neither ended nor expired at `:now`. */
const isAlive =
  "attribute_not_exists(endedAtMs) AND absoluteExpiresAtMs > :now AND idleExpiresAtMs > :now";

/** Every statement on sessions, and on passwords that end them. */
export const sessionStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
  now: Clock,
) => ({
  /**
   * Moves a session's chain on by one, if the token is its newest, the session is alive, and the
   * member is still who it was given to, with these roles: one transaction, of which the access item
   * is a condition. Where the member's part fails, their `roles` are told (none where they are gone):
   * with the same roles the session has been ended. Where only the session's fails, it is told as it
   * stands. Nothing has moved then.
   */
  async rotate(
    { memberId, manufacturerId, sessionId, counter, startedAtMs, passwordVersion }: SessionClaims,
    roles: readonly Role[],
    { userAgent = "", sourceAddress = "" }: Origin,
  ): Promise<
    | { rotated: true }
    | { session: StoredSession | undefined }
    | { roles: readonly Role[] | undefined }
  > {
    const nowMs = now();
    const outcome = await transact(documents, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.session(memberId, sessionId),
          UpdateExpression:
            "SET #counter = :next, refreshedAtMs = :now, idleExpiresAtMs = :idleExpiry, lastUserAgent = :agent, lastSourceAddress = :address",
          ConditionExpression: `#counter = :seen AND ${isAlive}`,
          ExpressionAttributeNames: { "#counter": "counter" },
          ExpressionAttributeValues: {
            ":seen": counter,
            ":next": counter + 1,
            ":now": nowMs,
            ":idleExpiry": nowMs + sessionIdleMs,
            ":agent": userAgent,
            ":address": sourceAddress,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        ConditionCheck: {
          TableName: tables.identity,
          Key: identityKeys.member(manufacturerId, memberId),
          ConditionExpression: [
            "#status = :active",
            "sessionsValidFromMs <= :started",
            "attribute_not_exists(endedSessions.#session)",
            "#roles = :roles",
            isPasswordVersion(passwordVersion),
          ].join(" AND "),
          ExpressionAttributeNames: {
            "#status": "status",
            "#session": sessionId,
            "#roles": "roles",
          },
          ExpressionAttributeValues: {
            ":active": "active",
            ":started": startedAtMs,
            ":roles": roles,
            ...(passwordVersion > 0 && { ":version": passwordVersion }),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
    ]);
    if (outcome.committed) return { rotated: true };
    const { failed } = outcome;
    return failed.has(1)
      ? { roles: failed.get(1)?.["roles"] as readonly Role[] | undefined }
      : { session: failed.get(0) as StoredSession | undefined };
  },

  /** The member's sessions that have not ended or expired, newest first. */
  async listSessions(memberId: string, validFromMs: number): Promise<StoredSession[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        KeyConditionExpression: `${partitionKey} = :member AND begins_with(sk, :prefix)`,
        ExpressionAttributeValues: {
          ":member": identityKeys.memberOf(memberId).pk,
          ":prefix": identityKeys.sessionPrefix,
        },
      }),
    );
    const nowMs = now();
    return (Items as StoredSession[])
      .filter(
        (session) =>
          session.endedAtMs === undefined &&
          session.startedAtMs >= validFromMs &&
          Math.min(session.absoluteExpiresAtMs, session.idleExpiresAtMs) > nowMs,
      )
      .sort((one, other) => other.startedAtMs - one.startedAtMs);
  },

  /**
   * Ends one session: its refresh token at once, its access tokens as soon as the access item is read
   * again. Ended ids are kept there until no access token of theirs can be alive; `forgotten` names
   * those that may go. Statement 0 fails where the session does not exist, has ended or expired. An
   * actor ends another session only while their own lives.
   */
  endSession(
    member: { manufacturerId: string; memberId: string },
    sessionId: string,
    forgotten: readonly string[],
    entry: AuditEntry,
    actor?: Actor,
  ): Promise<Outcome> {
    const nowMs = entry.timeMs;
    return transactFor(documents, tables.identity, actor, [
      closeSession(tables.identity, member.memberId, sessionId, nowMs),
      noteEndedSessions(tables.identity, member, [sessionId], { forgotten, nowMs }),
      auditPut(tables.audit, entry),
    ]);
  },

  /**
   * Ends several sessions of a member at once, whether or not one has ended by itself meanwhile; on
   * record where an entry is given. Statement 0 fails where the member is gone.
   */
  endSessions(
    member: { manufacturerId: string; memberId: string },
    sessionIds: readonly string[],
    {
      forgotten = [],
      entry,
      actor,
    }: { forgotten?: readonly string[]; entry?: AuditEntry; actor?: Actor } = {},
  ): Promise<Outcome> {
    const nowMs = now();
    return transactFor(documents, tables.identity, actor, [
      noteEndedSessions(tables.identity, member, sessionIds, { forgotten, nowMs }),
      ...sessionIds.map((id) => endIfAlive(tables.identity, member.memberId, id, nowMs)),
      ...(entry ? [auditPut(tables.audit, entry)] : []),
    ]);
  },

  /**
   * Sets a new password, forgives failures, voids every reset link and ends every session that began
   * before, the new one aside. With a ticket the ticket is used up in the same transaction, which fails
   * where the password is not the one any more that the ticket was made for; without, statement 0 fails
   * where the password was changed after `verifiedHash` was compared.
   */
  setPassword(
    member: { manufacturerId: string; memberId: string; emailHash: string },
    password: { passwordHash: string; isLongPassword: boolean },
    proof:
      | { verifiedHash: string; session: Session; actor: Actor }
      | { ticketToken: string; passwordVersion: number },
    entry: AuditEntry,
  ): Promise<Outcome> {
    const isChange = "verifiedHash" in proof;
    const actor = isChange ? proof.actor : undefined;
    return transactFor(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.login(member.emailHash),
          UpdateExpression: `SET passwordHash = :hash, isLongPassword = :isLong, failures = :zero, ${passwordVersionUp}${isChange ? "" : ", knownDevices = :none"} REMOVE notBeforeMs, sessionFailures`,
          ConditionExpression: isChange ? "passwordHash = :verified" : "memberId = :member",
          ExpressionAttributeValues: {
            ":hash": password.passwordHash,
            ":isLong": password.isLongPassword,
            ":zero": 0,
            ":one": 1,
            ...(isChange
              ? { ":verified": proof.verifiedHash }
              : { ":member": member.memberId, ":none": {} }),
          },
        },
      },
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.member(member.manufacturerId, member.memberId),
          UpdateExpression: `SET ${nextPasswordVersion.assignments}`,
          ConditionExpression: [
            "#status = :active",
            ...(password.isLongPassword ? [] : ["size(secondFactors.totpFactorIds) > :zero"]),
            ...(isChange ? [] : [isPasswordVersion(proof.passwordVersion)]),
          ].join(" AND "),
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ...nextPasswordVersion.values(entry.timeMs),
            ":active": "active",
            ...(!isChange && proof.passwordVersion > 0 && { ":version": proof.passwordVersion }),
          },
        },
      },
      isChange
        ? putSession(tables.identity, proof.session)
        : redeemTicket(tables.identity, proof.ticketToken, "password-reset", entry.timeMs),
      auditPut(tables.audit, entry),
    ]);
  },
});

/** A member's own change commits only while they may; a link or a theft signal has no actor. */
const transactFor = (
  documents: DynamoDBDocumentClient,
  table: string,
  actor: Actor | undefined,
  statements: readonly Statement[],
): Promise<Outcome> =>
  actor ? transactAs(documents, table, actor, statements) : transact(documents, statements);

export type SessionStore = ReturnType<typeof sessionStore>;

/** A new session; DynamoDB deletes it some time after its absolute end. */
export const putSession = (table: string, session: Session) => ({
  Put: {
    TableName: table,
    Item: {
      ...identityKeys.session(session.memberId, session.sessionId),
      ...session,
      expiresAt: toEpochSeconds(session.absoluteExpiresAtMs),
    },
  },
});

/**
 * Names ended sessions in the access item until no access token of theirs can be alive; `forgotten`
 * are those that may go.
 */
function noteEndedSessions(
  table: string,
  { manufacturerId, memberId }: { manufacturerId: string; memberId: string },
  sessionIds: readonly string[],
  { forgotten, nowMs }: { forgotten: readonly string[]; nowMs: number },
): Statement {
  const ended = Object.fromEntries(sessionIds.map((id, index) => [`#ended${index}`, id]));
  const old = Object.fromEntries(
    forgotten.filter((id) => !sessionIds.includes(id)).map((id, index) => [`#old${index}`, id]),
  );
  const sets = Object.keys(ended).map((name) => `endedSessions.${name} = :until`);
  const removals = Object.keys(old).map((name) => `endedSessions.${name}`);
  return {
    Update: {
      TableName: table,
      Key: identityKeys.member(manufacturerId, memberId),
      UpdateExpression: `SET ${sets.join(", ")}${removals.length > 0 ? ` REMOVE ${removals.join(", ")}` : ""}`,
      ConditionExpression: `attribute_exists(${partitionKey})`,
      ExpressionAttributeNames: { ...ended, ...old },
      ExpressionAttributeValues: { ":until": nowMs + 2 * accessTokenLifetimeSeconds * 1000 },
    },
  };
}

/** Ends a session's refresh token; fails where it has ended already. */
export const closeSession = (
  table: string,
  memberId: string,
  sessionId: string,
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.session(memberId, sessionId),
    UpdateExpression: "SET endedAtMs = :now",
    ConditionExpression: isAlive,
    ExpressionAttributeValues: { ":now": nowMs },
  },
});
