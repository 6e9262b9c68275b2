import type { AccountStore } from "../accounts/store.ts";
import type { OperationRequest } from "../http/request.ts";
import { hasTotpFactor } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import { hashNewPassword } from "./compare-password.ts";
import type { changePasswordRoute } from "./password-api.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "./password-policy.ts";
import type { ProvePasswordDependencies } from "./prove-password.ts";
import { provePassword } from "./prove-password.ts";
import type { TokenDependencies, Tokens } from "./session.ts";
import { issueTokens, startSession } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

export interface ChangePasswordDependencies extends TokenDependencies, ProvePasswordDependencies {
  sessions: SessionStore;
  accounts: Pick<AccountStore, "readMember" | "readProfile">;
}

/**
 * Changes the caller's password after proving the current one, of which sessions have a few attempts of
 * their own: strangers cannot use them up, and a stolen session cannot use up theirs. All sessions end; the caller goes on in a new one of the same assurance (ASVS 6.2.3, 7.4.3).
 *
 * @throws Problem `invalid-credentials`, `too-many-attempts`, `password-too-short`,
 * `password-too-long`, `password-blocked`, `contention`
 */
export async function changePassword(
  { body, caller, origin }: OperationRequest<typeof changePasswordRoute>,
  dependencies: ChangePasswordDependencies,
): Promise<Tokens> {
  const { sessions, accounts, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const [member, profile] = await Promise.all([
    accounts.readMember(manufacturerId, memberId),
    accounts.readProfile(manufacturerId),
  ]);
  if (!member) throw new Problem("invalid-credentials");
  // First: a choice that is refused must not cost one of the attempts.
  await assertAcceptablePassword(body.new, {
    hasSecondFactor: hasTotpFactor(member.secondFactors),
    words: [member.name, member.email, profile?.legalName ?? ""],
  });
  const login = await provePassword(body.current, member, origin, dependencies);
  const passwordHash = await hashNewPassword(body.new, dependencies);
  const timeMs = now();
  const session = {
    ...startSession(
      { memberId, manufacturerId, passwordVersion: (login.passwordVersion ?? 0) + 1 },
      { ...caller, amrTimesMs: { ...caller.amrTimesMs, pwd: timeMs } },
      origin,
      timeMs,
    ),
    authTimeMs: caller.authTimeMs,
  };
  const outcome = await sessions.setPassword(
    member,
    { passwordHash, isLongPassword: isLongEnoughAlone(body.new) },
    { verifiedHash: login.passwordHash, session, actor: caller },
    {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      origin,
      action: "auth.password.changed",
      outcome: "success",
      timeMs,
    },
  );
  if (!outcome.committed) throw new Problem("contention");
  return issueTokens(session, caller.roles, dependencies);
}
