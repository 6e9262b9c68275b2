import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Caller } from "../http/request.ts";
import { permissionOf } from "../http/route.ts";
import { hasTotpFactor } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { AccessItem } from "./access-item.ts";
import { ruleOf } from "./policy.ts";
import { forbidden, insufficientAuthentication, invalidToken } from "./refusals.ts";

/** Who makes a change: the caller, as the request's authentication found them. */
export type Actor = Pick<
  Caller,
  | "manufacturerId"
  | "memberId"
  | "sessionId"
  | "sessionStartedAtMs"
  | "passwordVersion"
  | "roles"
  | "acr"
  | "access"
>;

type ActorItem = Pick<
  AccessItem,
  "roles" | "status" | "sessionsValidFromMs" | "passwordVersion" | "endedSessions" | "secondFactors"
>;

/**
 * Writes all statements or none, and only while the actor may still act: a right that was checked when
 * the request began is a condition of its commit. Whoever was removed, demoted or signed out meanwhile
 * finishes nothing.
 *
 * The condition is merged into the statement that writes the actor's own access item, if there is one,
 * since a transaction may touch an item once; otherwise a `ConditionCheck` is added behind the others.
 * Statements keep their indexes, by which a refused transaction says why. It costs no round trip. A
 * function that uses it may `identity:ConditionCheckItem`.
 *
 * @example
 * const outcome = await transactAs(documents, tables.identity, caller, [
 *   rotateKey(tables.keys, next),
 *   auditPut(tables.audit, entry),
 * ]);
 * if (!outcome.committed) throw new Problem("contention");
 *
 * @throws Problem what the actor's next request is answered: `invalid-token` where the session has
 * ended, `forbidden` where the role is gone, `insufficient-authentication` where a second factor was
 * bound that the session has not seen; `contention` where the roles changed and still suffice, and
 * where concurrent transactions persist
 */
export async function transactAs(
  documents: DynamoDBDocumentClient,
  identityTable: string,
  actor: Actor,
  statements: readonly Statement[],
): Promise<Outcome> {
  const { all, index } = whileActing(identityTable, actor, statements);
  const outcome = await transact(documents, all);
  if (outcome.committed || !outcome.failed.has(index)) return outcome;
  const refusal = refusalOf(actor, outcome.failed.get(index) as ActorItem | undefined);
  if (refusal) throw refusal;
  return outcome;
}

/** Records what an actor was given to see, while they may; resolves once it is on record. */
export type RecordAs = (actor: Actor, entry: AuditEntry) => Promise<void>;

export const actorRecorder =
  (documents: DynamoDBDocumentClient, tables: { identity: string; audit: string }): RecordAs =>
  async (actor, entry) => {
    const record = auditPut(tables.audit, entry);
    const outcome = await transactAs(documents, tables.identity, actor, [record]);
    if (!outcome.committed) throw new Problem("contention");
  };

/** The statements with the actor's condition among them, and where it stands. */
function whileActing(
  table: string,
  actor: Actor,
  statements: readonly Statement[],
): { all: Statement[]; index: number } {
  const key = identityKeys.member(actor.manufacturerId, actor.memberId);
  const isOwn = (statement: Statement): boolean => {
    const { TableName, Key } = statement.Update ?? statement.ConditionCheck ?? {};
    return TableName === table && Key?.[partitionKey] === key.pk && Key[sortKey] === key.sk;
  };
  const own = statements.findIndex(isOwn);
  if (own < 0) {
    const check = { ...conditionOf(actor), TableName: table, Key: key };
    return { all: [...statements, { ConditionCheck: check }], index: statements.length };
  }
  const all = statements.map((statement, index) =>
    index === own ? merged(statement, conditionOf(actor)) : statement,
  );
  return { all, index: own };
}

interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, unknown>;
  ReturnValuesOnConditionCheckFailure: "ALL_OLD";
}

function merged({ Update, ConditionCheck }: Statement, condition: Condition): Statement {
  if (Update) return { Update: { ...Update, ...both(Update, condition) } };
  return { ConditionCheck: { ...(ConditionCheck as Check), ...both(ConditionCheck, condition) } };
}

type Check = NonNullable<Statement["ConditionCheck"]>;

const both = (
  own: Statement["Update"] | Statement["ConditionCheck"],
  condition: Condition,
): Condition => ({
  ConditionExpression: own?.ConditionExpression
    ? `(${own.ConditionExpression}) AND ${condition.ConditionExpression}`
    : condition.ConditionExpression,
  ExpressionAttributeNames: {
    ...own?.ExpressionAttributeNames,
    ...condition.ExpressionAttributeNames,
  },
  ExpressionAttributeValues: {
    ...own?.ExpressionAttributeValues,
    ...condition.ExpressionAttributeValues,
  },
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});

/**
 * Holds while the actor may act. What any living session may do asks for no role; anything else asks
 * for the roles that the request was judged by, and of a session of one factor that none was bound.
 */
function conditionOf(actor: Actor): Condition {
  const isBare = actor.access === "session";
  const isWeak = !isBare && actor.acr !== "aal2";
  const hasVersion = actor.passwordVersion > 0;
  return {
    ConditionExpression: [
      "#actorStatus = :actorActive",
      "sessionsValidFromMs <= :actorStarted",
      "attribute_not_exists(endedSessions.#actorSession)",
      hasVersion ? "passwordVersion = :actorVersion" : "attribute_not_exists(passwordVersion)",
      ...(isBare ? [] : ["#actorRoles = :actorRoles"]),
      ...(isWeak ? ["attribute_not_exists(secondFactors.totpFactorIds[0])"] : []),
    ].join(" AND "),
    ExpressionAttributeNames: {
      "#actorStatus": "status",
      "#actorSession": actor.sessionId,
      ...(!isBare && { "#actorRoles": "roles" }),
    },
    ExpressionAttributeValues: {
      ":actorActive": "active",
      ":actorStarted": actor.sessionStartedAtMs,
      ...(hasVersion && { ":actorVersion": actor.passwordVersion }),
      ...(!isBare && { ":actorRoles": actor.roles }),
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** Why the item that the condition met lets the actor do nothing; undefined where it does not say so. */
function refusalOf(actor: Actor, item: ActorItem | undefined): Problem | undefined {
  if (!item || !isSessionAlive(item, actor)) return invalidToken("session-ended");
  if (actor.access === "session") return undefined;
  const permission = permissionOf(actor.access);
  if (permission && !ruleOf(permission).roles.some((role) => item.roles.includes(role))) {
    return forbidden(permission);
  }
  if (actor.acr !== "aal2" && hasTotpFactor(item.secondFactors)) {
    return insufficientAuthentication({ minAcr: "aal2" }, permission);
  }
  const isSame =
    item.roles.length === actor.roles.length &&
    item.roles.every((role, index) => role === actor.roles[index]);
  return isSame
    ? undefined
    : new Problem("contention", {
        detail: "Your role was changed at the same moment; send the request again.",
        headers: { "retry-after": "1" },
      });
}

/** Whether a member's item lets a session live that began so. */
export const isSessionAlive = (
  item: Omit<ActorItem, "roles">,
  session: Pick<Actor, "sessionId" | "sessionStartedAtMs" | "passwordVersion">,
): boolean =>
  item.status === "active" &&
  session.sessionStartedAtMs >= item.sessionsValidFromMs &&
  session.passwordVersion === (item.passwordVersion ?? 0) &&
  !Object.hasOwn(item.endedSessions, session.sessionId);
