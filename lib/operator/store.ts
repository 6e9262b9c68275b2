import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { StoredProfile } from "../accounts/profile.ts";
import type { Member } from "../accounts/store.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { voidPassword } from "../auth/login-statement.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import { putBackupCode } from "../mfa/backup-codes.ts";
import type { TotpFactor } from "../mfa/factor.ts";
import type { UnlockRequest } from "./second-operator.ts";
import { requestUnlock } from "./second-operator.ts";

/** Every statement of the domain. */
export const operatorStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit: string },
) => ({
  /** The manufacturer of a member known by id alone. */
  async findManufacturerOf(memberId: string): Promise<string | undefined> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: tables.identity, Key: identityKeys.memberOf(memberId) }),
    );
    return Item?.["manufacturerId"] as string | undefined;
  },

  /** The request of an operator that is open; undefined where there is none or its time is over. */
  async readUnlockRequest(memberId: string, nowMs: number): Promise<UnlockRequest | undefined> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.unlockRequest(memberId),
      }),
    );
    const request = Item as UnlockRequest | undefined;
    return request && request.expiresAt > toEpochSeconds(nowMs) ? request : undefined;
  },

  /** Asks for another operator's agreement; on record. Statement 0 fails where there is one to agree to. */
  askForApproval(
    actor: Actor,
    { memberId, left }: { memberId: string; left?: string | undefined },
    entry: AuditEntry,
  ): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      requestUnlock(tables.identity, memberId, { operatorId: actor.memberId, left }, entry.timeMs),
      auditPut(tables.audit, entry),
    ]);
  },

  /** Voids a password and forgets its failures and devices, together with whatever else the unlock changes. */
  unlock(
    actor: Actor,
    { memberId, emailHash }: Pick<Member, "memberId" | "emailHash">,
    others: readonly Statement[],
    entries: readonly AuditEntry[],
  ): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      voidPassword(tables.identity, { memberId, emailHash }),
      ...others,
      ...entries.map((entry) => auditPut(tables.audit, entry)),
    ]);
  },

  /** Makes the reserved manufacturer and its first member; statement 0 fails where there is one already. */
  createPlatform(
    profile: StoredProfile,
    operator: Member,
    password: { passwordHash: string; isLongPassword: boolean },
    { factor, backupCodes }: { factor: TotpFactor; backupCodes: readonly string[] },
    entry: AuditEntry,
  ): Promise<Outcome> {
    const put = (item: Record<string, unknown>): Statement => ({
      Put: {
        TableName: tables.identity,
        Item: item,
        ConditionExpression: `attribute_not_exists(${partitionKey})`,
      },
    });
    const { manufacturerId, memberId } = operator;
    return transact(documents, [
      put({ ...identityKeys.profile(manufacturerId), ...profile, owners: 1 }),
      put({ ...identityKeys.member(manufacturerId, memberId), ...operator }),
      put({ ...identityKeys.memberOf(memberId), manufacturerId, memberId }),
      put({
        ...identityKeys.login(operator.emailHash),
        manufacturerId,
        memberId,
        ...password,
        failures: 0,
        knownDevices: {},
      }),
      put({ ...identityKeys.factor(memberId, factor.factorId), ...factor }),
      ...backupCodes.map((code) => putBackupCode(tables.identity, memberId, 1, code)),
      auditPut(tables.audit, entry),
    ]);
  },
});

export type OperatorStore = ReturnType<typeof operatorStore>;
