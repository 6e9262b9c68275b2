import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient, UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Outcome } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Charge } from "./attempt-counter.ts";
import { chargeAttempt } from "./attempt-counter.ts";
import type { DeviceChange, KnownDevice, KnownDevices } from "./known-devices.ts";
import {
  attemptsByStrangersMax,
  attemptsInSessionsMax,
  attemptsPerDeviceMax,
  beyondStrangersMax,
} from "./known-devices.ts";
import { forgiveLogin } from "./login-statement.ts";
import type { Session } from "./session.ts";
import { putSession } from "./session-store.ts";

/** What signing in with an address needs; found by the address' keyed hash. */
export interface Login {
  manufacturerId: string;
  memberId: string;
  /** PHC string; absent while the password is void, until a reset link sets one. */
  passwordHash?: string;
  /** Counts as the member's own does, and is read together with the hash. */
  passwordVersion?: number;
  isLongPassword: boolean;
  failures: number;
  knownDevices: KnownDevices;
}

/**
 * Counters of addresses nobody has: kept for long after they are forgotten, since beginning anew costs
 * one statement more than beginning does.
 */
const strangerLifetimeMs = beyondStrangersMax.waitMs + 3 * beyondStrangersMax.forgottenAfterMs;

/** Every statement of the domain on table `identity`. */
export const authStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit: string },
  now: Clock,
) => ({
  /** Takes one password attempt; refused where no account has the address. */
  chargePassword(emailHash: string): Promise<Charge> {
    return chargeAttempt(
      documents,
      {
        table: tables.identity,
        key: identityKeys.login(emailHash),
        attemptsMax: attemptsByStrangersMax,
        beyondMax: beyondStrangersMax,
        condition: "attribute_exists(memberId)",
      },
      now,
    );
  },

  /** Takes one attempt at an address without an account, on a counter that throttles just the same. */
  chargeUnknown(emailHash: string): Promise<Charge> {
    return chargeAttempt(
      documents,
      {
        table: tables.identity,
        key: identityKeys.unknownLogin(emailHash),
        attemptsMax: attemptsByStrangersMax,
        beyondMax: beyondStrangersMax,
        condition: "(attribute_not_exists(memberId))",
        assignments: "expiresAt = :expiresAt",
        values: { ":expiresAt": toEpochSeconds(now() + strangerLifetimeMs) },
      },
      now,
    );
  },

  /** Costs what an attempt costs that has to wait at an address without an account; changes nothing. */
  async refuseAsUnknown(emailHash: string): Promise<void> {
    await chargeAttempt(
      documents,
      {
        table: tables.identity,
        key: identityKeys.unknownLogin(emailHash),
        attemptsMax: 0,
        condition: "attribute_exists(memberId)",
      },
      now,
    );
  },

  /** Takes one attempt from a known device's own counter; the device is absent where it is not known. */
  async chargeKnownDevice(emailHash: string, deviceHash: string): Promise<DeviceCharge> {
    try {
      const { Attributes } = await documents.send(
        new UpdateCommand({
          TableName: tables.identity,
          Key: identityKeys.login(emailHash),
          UpdateExpression:
            "SET knownDevices.#device.failures = knownDevices.#device.failures + :one, knownDevices.#device.attemptedAtMs = :now",
          ConditionExpression: "knownDevices.#device.failures < :max",
          ExpressionAttributeNames: { "#device": deviceHash },
          ExpressionAttributeValues: { ":one": 1, ":max": attemptsPerDeviceMax, ":now": now() },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { charged: true, login: Attributes as Login };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const met = error.Item && (unmarshall(error.Item) as Login);
      return { charged: false, device: met?.knownDevices[deviceHash] };
    }
  },

  /**
   * Takes one attempt from the counter of those who are signed in, which a sign-in sets back; undefined
   * where it has none left. Strangers do not reach it, and who has a session does not reach theirs.
   */
  chargeSession(emailHash: string): Promise<Login | undefined> {
    return chargeBounded(documents, {
      TableName: tables.identity,
      Key: identityKeys.login(emailHash),
      UpdateExpression: "SET sessionFailures = if_not_exists(sessionFailures, :zero) + :one",
      ConditionExpression:
        "attribute_exists(memberId) AND (attribute_not_exists(sessionFailures) OR sessionFailures < :max)",
      ExpressionAttributeValues: { ":zero": 0, ":one": 1, ":max": attemptsInSessionsMax },
    });
  },

  /** Stores a verified password's hash under the current scheme, unless it was changed meanwhile. */
  async replaceHash(
    emailHash: string,
    { passwordHash, newPasswordHash }: { passwordHash: string; newPasswordHash: string },
  ): Promise<void> {
    try {
      await documents.send(
        new UpdateCommand({
          TableName: tables.identity,
          Key: identityKeys.login(emailHash),
          UpdateExpression: "SET passwordHash = :new",
          ConditionExpression: "passwordHash = :verified",
          ExpressionAttributeValues: { ":new": newPasswordHash, ":verified": passwordHash },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },

  /**
   * Makes a verified password count: forgives the failures, remembers the device, puts the session.
   * Statement 0 fails where the password was changed after it was compared, or where the device that
   * makes room has gone meanwhile; statement 1 where the member was removed or suspended. Devices
   * change one by one, so that sign-ins at the same moment keep each other's.
   */
  commitSignIn(
    emailHash: string,
    verified: { passwordHash: string; newPasswordHash: string },
    change: DeviceChange,
    session: Session,
    entry: AuditEntry,
  ): Promise<Outcome> {
    return transact(documents, [
      forgiveLogin(tables.identity, emailHash, change, {
        set: "passwordHash = :new",
        condition: "passwordHash = :verified",
        values: { ":new": verified.newPasswordHash, ":verified": verified.passwordHash },
      }),
      {
        ConditionCheck: {
          TableName: tables.identity,
          Key: identityKeys.member(session.manufacturerId, session.memberId),
          ConditionExpression: "#status = :active",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":active": "active" },
        },
      },
      putSession(tables.identity, session),
      auditPut(tables.audit, entry),
    ]);
  },
});

/** A known device's attempt, and why there is none where it was not charged. */
export type DeviceCharge =
  | { charged: true; login: Login }
  | { charged: false; device: KnownDevice | undefined };

/** Counts an attempt unless its condition refuses it. */
async function chargeBounded(
  documents: DynamoDBDocumentClient,
  update: UpdateCommandInput,
): Promise<Login | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({ ...update, ReturnValues: "ALL_NEW" }),
    );
    return Attributes as Login | undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

export type AuthStore = ReturnType<typeof authStore>;
