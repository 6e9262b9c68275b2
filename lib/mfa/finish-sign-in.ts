import type { Origin } from "../audit/origin.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import type { DeviceChange } from "../auth/known-devices.ts";
import { hashDeviceToken } from "../auth/known-devices.ts";
import { forgiveLogin } from "../auth/login-statement.ts";
import type { TokenDependencies, Tokens } from "../auth/session.ts";
import { issueTokens, startSession } from "../auth/session.ts";
import { putSession } from "../auth/session-store.ts";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import { newSecret } from "../id.ts";
import { Problem } from "../problem.ts";
import type { MemberChange } from "./member-statement.ts";
import { changeMember } from "./member-statement.ts";
import type { MfaToken } from "./mfa-token.ts";
import { invalidMfaToken } from "./mfa-token.ts";

export interface FinishDependencies extends TokenDependencies {
  tables: { identity: string; audit: string };
  commit: (statements: readonly Statement[]) => Promise<Outcome>;
}

/** A second factor that was verified, and what makes it count. */
export interface SecondProof {
  /** Its conditional statement; where it fails, `refuse` says why from the item it met. */
  statement: Statement;
  refuse: (met: Record<string, unknown> | undefined) => Promise<Problem>;
  /**
   * RFC 8176; it has no name for backup codes, so they have a private one: a relying party can tell a
   * sign-in without the phone from one with it.
   */
  method: "otp" | "swk" | "backup-code";
  /** The trusted device that gave the proof, if one did. */
  deviceId?: string;
  memberChange?: MemberChange;
  /** Written beside the rest. */
  others?: readonly Statement[];
  entries?: readonly AuditEntry[];
}

const indexes = { challenge: 0, proof: 1, member: 2, login: 3 } as const;

/**
 * Turns an mfa token and a second factor into a session, in one transaction: the factor's proof, the
 * token's one use, the session and the forgiven failures are there together or not at all.
 *
 * @throws Problem `invalid-mfa-token` (used, or overtaken by a new password or a removal),
 * `contention`, and what `proof.refuse` answers
 */
export async function finishSignIn(
  token: MfaToken,
  proof: SecondProof,
  { origin }: { origin: Origin },
  dependencies: FinishDependencies,
): Promise<Tokens & { knownDevice?: string }> {
  const { tables, commit, now } = dependencies;
  const { memberId, manufacturerId } = token;
  const nowMs = now();
  const amr = ["pwd", proof.method];
  const session = startSession(
    token,
    { acr: "aal2", amr, amrTimesMs: { pwd: token.issuedAtMs }, deviceId: proof.deviceId },
    origin,
    nowMs,
  );
  const device = deviceOf(token, nowMs);
  const outcome = await commit([
    putChallenge(tables.identity, memberId, token.tokenId, token.expiresAtMs),
    proof.statement,
    changeMember(tables.identity, token, proof.memberChange ?? {}, {
      provenAtMs: token.issuedAtMs,
      nowMs,
    }),
    forgiveLogin(tables.identity, token.emailHash, device.change, {
      condition: "memberId = :member",
      values: { ":member": memberId },
    }),
    putSession(tables.identity, session),
    ...(proof.others ?? []),
    auditPut(tables.audit, {
      manufacturerId,
      actorId: memberId,
      subjectId: session.sessionId,
      action: "auth.session.started",
      outcome: "success",
      origin,
      timeMs: nowMs,
      details: { amr, newDevice: device.token !== undefined },
    }),
    ...(proof.entries ?? []).map((entry) => auditPut(tables.audit, entry)),
  ]);
  if (!outcome.committed) throw await refusalOf(outcome.failed, token, proof);
  return {
    ...(await issueTokens(session, token.roles, dependencies)),
    ...(device.token !== undefined && { knownDevice: device.token }),
  };
}

/** A used token comes first: its second use tells nothing about the factor. */
async function refusalOf(
  failed: ReadonlyMap<number, Record<string, unknown> | undefined>,
  token: MfaToken,
  proof: SecondProof,
): Promise<Problem> {
  if (failed.has(indexes.challenge)) return invalidMfaToken();
  if (failed.has(indexes.proof)) return proof.refuse(failed.get(indexes.proof));
  if (failed.has(indexes.member)) return invalidMfaToken();
  // What else can fail is another factor's counter that moved on meanwhile.
  if (!failed.has(indexes.login)) return new Problem("contention");
  return failed.get(indexes.login)?.["memberId"] === token.memberId
    ? new Problem("contention")
    : invalidMfaToken();
}

/** The device that the password came from; one that is not known yet gets its token now. */
function deviceOf(
  { knownDeviceHash, forgottenDeviceHash }: MfaToken,
  nowMs: number,
): { token: string | undefined; change: DeviceChange } {
  const token = knownDeviceHash === undefined ? newSecret() : undefined;
  return {
    token,
    change: {
      hash: token === undefined ? (knownDeviceHash ?? "") : hashDeviceToken(token),
      device: { failures: 0, lastUsedAtMs: nowMs },
      forgottenHash: forgottenDeviceHash,
    },
  };
}

/** Uses a single-use token or nonce up; fails where it has been used. */
export const putChallenge = (
  table: string,
  memberId: string,
  challengeId: string,
  expiresAtMs: number,
): Statement => ({
  Put: {
    TableName: table,
    // Kept somewhat longer than what it stands for, for clocks that differ.
    Item: {
      ...identityKeys.challenge(memberId, challengeId),
      expiresAt: toEpochSeconds(expiresAtMs) + 600,
    },
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
  },
});
