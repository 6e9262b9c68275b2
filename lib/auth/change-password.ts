import type { AccountStore } from "../accounts/store.ts";
import type { RecordFailure } from "../audit/record.ts";
import type { OperationRequest } from "../http/request.ts";
import { hasTotpFactor } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { PasswordDependencies } from "./compare-password.ts";
import { comparePassword, hashNewPassword } from "./compare-password.ts";
import type { changePasswordRoute } from "./password-api.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "./password-policy.ts";
import type { TokenDependencies, Tokens } from "./session.ts";
import { issueTokens, startSession } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import type { AuthStore } from "./store.ts";
import { tooManyAttempts } from "./too-many-attempts.ts";

export interface ChangePasswordDependencies extends TokenDependencies, PasswordDependencies {
  auth: AuthStore;
  sessions: SessionStore;
  accounts: Pick<AccountStore, "readMember" | "readProfile">;
  recordFailure: RecordFailure;
}

/**
 * Changes the caller's password after proving the current one, of which sessions have a few attempts of
 * their own: strangers cannot use them up, and a stolen session cannot use up theirs. All sessions end; the caller goes on in a new one of the same assurance (ASVS 6.2.3, 7.4.3).
 *
 * @throws Problem `invalid-credentials`, `too-many-attempts`, `password-too-short`,
 * `password-too-long`, `password-blocked`, `contention`
 */
export async function changePassword(
  { body, caller, requestId, userAgent }: OperationRequest<typeof changePasswordRoute>,
  dependencies: ChangePasswordDependencies,
): Promise<Tokens> {
  const { auth, sessions, recordFailure, accounts, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const [member, profile] = await Promise.all([
    accounts.readMember(manufacturerId, memberId),
    accounts.readProfile(manufacturerId),
  ]);
  if (!member) throw new Problem("invalid-credentials");
  // First: a choice that is refused must not cost one of the attempts.
  assertAcceptablePassword(body.new, {
    hasSecondFactor: hasTotpFactor(member.secondFactors),
    words: [member.name, member.email, profile?.legalName ?? ""],
  });
  // Asked for first: a failure of the platform must not cost an attempt.
  await dependencies.secret("pepper");
  const login = await auth.chargeSession(member.emailHash);
  if (!login) throw tooManyAttempts({ charged: false, reason: "disabled", item: undefined });
  const verifiedHash = login.passwordHash;
  const { matches } = await comparePassword(body.current, verifiedHash, dependencies);
  const entry = { manufacturerId, actorId: memberId, subjectId: memberId, requestId };
  if (verifiedHash === undefined || !matches) {
    await recordFailure({ ...entry, action: "auth.password.refused", timeMs: now() });
    throw new Problem("invalid-credentials", { detail: "The current password is wrong." });
  }
  const passwordHash = await hashNewPassword(body.new, dependencies);
  const timeMs = now();
  const session = {
    ...startSession(
      { memberId, manufacturerId, passwordVersion: (login.passwordVersion ?? 0) + 1 },
      { ...caller, amrTimesMs: { ...caller.amrTimesMs, pwd: timeMs } },
      userAgent,
      timeMs,
    ),
    authTimeMs: caller.authTimeMs,
  };
  const outcome = await sessions.setPassword(
    member,
    { passwordHash, isLongPassword: isLongEnoughAlone(body.new) },
    { verifiedHash, session },
    { ...entry, action: "auth.password.changed", outcome: "success", timeMs },
  );
  if (!outcome.committed) throw new Problem("contention");
  return issueTokens(session, caller.roles, dependencies);
}
