import { accessTokenLifetimeSeconds } from "../auth/access-token.ts";
import { isPasswordVersion, nextPasswordVersion } from "../auth/password-version.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { SecondFactors } from "./second-factors.ts";

export interface MemberChange {
  /** Writes a new summary, if it still is what was seen. */
  secondFactors?: { seen: SecondFactors | undefined; next: SecondFactors };
  /** Counts one backup code of this generation as used, if it is the living one. */
  backupCodeUsed?: { generation: number };
  /** Ends every session and voids every reset link: the password is void too. */
  passwordVoided?: true;
  /** Holds only while the password is the one that was counted so. */
  passwordVersion?: number;
  endedSessionIds?: readonly string[];
  /** Ended sessions that no living access token can name any more. */
  forgottenSessionIds?: readonly string[];
}

/**
 * Changes a member's access item, or only checks it where there is nothing to change: a transaction
 * may touch an item once. Fails where the member is not active, or where every session that began at
 * `provenAtMs` has been ended since, as by a new password.
 */
export function changeMember(
  table: string,
  member: { manufacturerId: string; memberId: string },
  change: MemberChange,
  { provenAtMs, nowMs }: { provenAtMs: number; nowMs: number },
): Statement {
  const { secondFactors, backupCodeUsed, passwordVoided, passwordVersion } = change;
  const { endedSessionIds = [], forgottenSessionIds = [] } = change;
  const endedNames = toNames("#ended", endedSessionIds);
  const forgottenNames = toNames("#forgotten", forgottenSessionIds);
  const sets = [
    ...(secondFactors ? ["secondFactors = :next"] : []),
    ...(backupCodeUsed
      ? ["secondFactors.backupCodesLeft = secondFactors.backupCodesLeft - :one"]
      : []),
    ...(passwordVoided ? [nextPasswordVersion.assignments] : []),
    ...Object.keys(endedNames).map((name) => `endedSessions.${name} = :until`),
  ];
  const removes = Object.keys(forgottenNames).map((name) => `endedSessions.${name}`);
  const conditions = [
    "#status = :active",
    "sessionsValidFromMs <= :proven",
    ...(secondFactors
      ? [secondFactors.seen ? "secondFactors = :seen" : "attribute_not_exists(secondFactors)"]
      : []),
    ...(backupCodeUsed ? ["secondFactors.backupCodeGeneration = :generation"] : []),
    ...(passwordVersion === undefined ? [] : [isPasswordVersion(passwordVersion)]),
  ];
  const common = {
    TableName: table,
    Key: identityKeys.member(member.manufacturerId, member.memberId),
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeNames: { "#status": "status", ...endedNames, ...forgottenNames },
    ExpressionAttributeValues: {
      ":active": "active",
      ":proven": provenAtMs,
      ...(secondFactors && { ":next": secondFactors.next }),
      ...(secondFactors?.seen && { ":seen": secondFactors.seen }),
      ...(backupCodeUsed && { ":generation": backupCodeUsed.generation, ":one": 1 }),
      ...(passwordVersion !== undefined && passwordVersion > 0 && { ":version": passwordVersion }),
      ...(passwordVoided && nextPasswordVersion.values(nowMs)),
      ...(endedSessionIds.length > 0 && {
        ":until": nowMs + 2 * accessTokenLifetimeSeconds * 1000,
      }),
    },
  };
  if (sets.length === 0) return { ConditionCheck: common };
  const removal = removes.length > 0 ? ` REMOVE ${removes.join(", ")}` : "";
  return { Update: { ...common, UpdateExpression: `SET ${sets.join(", ")}${removal}` } };
}

const toNames = (prefix: string, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, index) => [`${prefix}${index}`, value]));
