import type { Member } from "../accounts/store.ts";
import type { Origin } from "../audit/origin.ts";
import type { RecordFailure } from "../audit/record.ts";
import { Problem } from "../problem.ts";
import type { PasswordDependencies } from "./compare-password.ts";
import { comparePassword } from "./compare-password.ts";
import type { AuthStore, Login } from "./store.ts";
import { tooManyAttempts } from "./too-many-attempts.ts";

export interface ProvePasswordDependencies extends PasswordDependencies {
  auth: Pick<AuthStore, "chargeSession">;
  recordFailure: RecordFailure;
  now: () => number;
}

/** A login whose password was given just now. */
export type ProvenLogin = Login & { passwordHash: string };

/**
 * Has somebody who is signed in give their current password. The attempt is charged before the hash is
 * compared, to a counter that a member's sessions share: strangers cannot use it up, and a stolen
 * session cannot use up theirs. What the password is good for sets the counter back, on the condition
 * that the hash is still the one that was compared.
 *
 * @throws Problem `invalid-credentials`, `too-many-attempts`
 */
export async function provePassword(
  password: string,
  {
    manufacturerId,
    memberId,
    emailHash,
  }: Pick<Member, "manufacturerId" | "memberId" | "emailHash">,
  origin: Origin,
  dependencies: ProvePasswordDependencies,
): Promise<ProvenLogin> {
  const { auth, recordFailure, secret, now } = dependencies;
  // Asked for first: a failure of the platform must not cost an attempt.
  await secret("pepper");
  const login = await auth.chargeSession(emailHash);
  if (!login) throw tooManyAttempts({ charged: false, reason: "disabled", item: undefined });
  const { passwordHash } = login;
  const { matches } = await comparePassword(password, passwordHash, dependencies);
  if (passwordHash !== undefined && matches) return { ...login, passwordHash };
  await recordFailure({
    manufacturerId,
    actorId: memberId,
    subjectId: memberId,
    action: "auth.password.refused",
    origin,
    timeMs: now(),
  });
  throw new Problem("invalid-credentials", { detail: "The current password is wrong." });
}
