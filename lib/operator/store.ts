import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { StoredProfile } from "../accounts/profile.ts";
import type { Member } from "../accounts/store.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { passwordVersionUp } from "../auth/password-version.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { TotpFactor } from "../mfa/factor.ts";

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

  /** Voids a password and forgets its failures and devices, together with whatever else the unlock changes. */
  unlock(
    { memberId, emailHash }: Pick<Member, "memberId" | "emailHash">,
    others: readonly Statement[],
    entries: readonly AuditEntry[],
  ): Promise<Outcome> {
    return transact(documents, [
      {
        Update: {
          TableName: tables.identity,
          Key: identityKeys.login(emailHash),
          UpdateExpression: `SET failures = :zero, knownDevices = :none, ${passwordVersionUp} REMOVE notBeforeMs, sessionFailures, passwordHash, isLongPassword`,
          ConditionExpression: "memberId = :member",
          ExpressionAttributeValues: {
            ":zero": 0,
            ":one": 1,
            ":none": {},
            ":member": memberId,
          },
        },
      },
      ...others,
      ...entries.map((entry) => auditPut(tables.audit, entry)),
    ]);
  },

  /** Makes the reserved manufacturer and its first member; statement 0 fails where there is one already. */
  createPlatform(
    profile: StoredProfile,
    operator: Member,
    password: { passwordHash: string; isLongPassword: boolean },
    factor: TotpFactor,
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
      auditPut(tables.audit, entry),
    ]);
  },
});

export type OperatorStore = ReturnType<typeof operatorStore>;
