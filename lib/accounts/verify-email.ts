import type { RecordFailure } from "../audit/record.ts";
import type { PasswordDependencies } from "../auth/compare-password.ts";
import { comparePassword } from "../auth/compare-password.ts";
import type { Clock } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import type { OperationRequest } from "../http/request.ts";
import { toProblem } from "../http/to-problem.ts";
import { Problem } from "../problem.ts";
import type { verifyEmailRoute } from "./api.ts";
import { sealProfile } from "./sealed-profile.ts";
import { openPasswordHash, openSignUp } from "./sealed-sign-up.ts";
import type { AccountStore, Ticket } from "./store.ts";
import { isTicketKeyAccepted } from "./ticket.ts";
import type { TicketAttempts } from "./ticket-store.ts";

export interface VerifyEmailDependencies extends PasswordDependencies {
  accounts: AccountStore;
  attempts: TicketAttempts;
  /** Makes a manufacturer's keys when it first seals. */
  encryption: EncryptionDependencies;
  recordFailure: RecordFailure;
  now: Clock;
}

type Request = OperationRequest<typeof verifyEmailRoute>;

/**
 * Follows a sign-up's link: makes the manufacturer's keys, then the manufacturer, its owner, its free
 * plan and the owner's sign-in in one transaction. The link shows that the address is the caller's,
 * the password that the sign-up is: nobody makes an account with a password that somebody else chose.
 * An attempt is charged before the password is compared; a link takes four. The same link and password
 * again answer the same and change nothing.
 *
 * @throws Problem `invalid-ticket` for an unknown, foreign, expired or spent link, after the same
 * work; `invalid-credentials` for a wrong password; `email-taken` when the address was claimed by
 * another sign-up meanwhile; `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function verifyEmail(
  request: Request,
  dependencies: VerifyEmailDependencies,
): Promise<{ manufacturerId: string; memberId: string; tier: "free" }> {
  const { attempts, secret } = dependencies;
  const { token, password } = request.body;
  // Asked for first: a failure of the platform must not cost an attempt.
  await secret("pepper");
  const charge = (await isTicketKeyAccepted(token, secret))
    ? await attempts.charge(token, "sign-up")
    : undefined;
  if (!charge?.charged) {
    await comparePassword(password, undefined, dependencies);
    throw new Problem("invalid-ticket", { detail: "Ask for a new link by signing up again." });
  }
  const ticket = charge.item as unknown as Ticket;
  const passwordHash = await provenHash(request, ticket, dependencies);
  try {
    if (!ticket.redeemedAtMs) await follow(request, { ...ticket, passwordHash }, dependencies);
  } catch (error) {
    // What cannot be given back must not hide what failed first.
    if (toProblem(error).status >= 500) await attempts.giveBack(token, charge).catch(() => {});
    throw error;
  }
  const { manufacturerId, memberId } = ticket;
  return { manufacturerId, memberId, tier: "free" };
}

/** The hash to keep of the password that was chosen at sign-up; refuses, and records, any other. */
async function provenHash(
  { body, origin }: Request,
  ticket: Ticket,
  dependencies: VerifyEmailDependencies,
): Promise<string> {
  const stored = ticket.passwordHash && openPasswordHash(body.token, ticket.passwordHash);
  const { matches, newHash } = await comparePassword(body.password, stored, dependencies);
  if (stored !== undefined && matches) return newHash ?? stored;
  await dependencies.recordFailure({
    manufacturerId: ticket.manufacturerId,
    subjectId: ticket.memberId,
    action: "accounts.sign-up.refused",
    origin,
    timeMs: dependencies.now(),
  });
  throw new Problem("invalid-credentials", {
    detail: "Give the password that was chosen at the sign-up that this link is of.",
  });
}

async function follow(
  { body, origin }: Request,
  ticket: Omit<Ticket, "passwordHash"> & { passwordHash: string },
  { accounts, encryption, now }: VerifyEmailDependencies,
): Promise<void> {
  const { email } = ticket;
  if (!ticket.signUp || email === undefined) {
    throw new Error("a sign-up's link that was not followed has lost its sign-up");
  }
  const signUp = openSignUp(body.token, ticket.signUp);
  const profile = await sealProfile(encryption, signUp.profile);
  const { manufacturerId, memberId, passwordHash } = ticket;
  const isRedeemed = await redeem(
    accounts,
    body.token,
    { manufacturerId, memberId, email },
    { ...signUp, profile, passwordHash },
    {
      manufacturerId,
      actorId: memberId,
      subjectId: manufacturerId,
      action: "accounts.manufacturer.created",
      outcome: "success",
      origin,
      timeMs: now(),
    },
  );
  if (isRedeemed) return;
  throw new Problem("email-taken", {
    detail: "Sign in with this address, or sign up with another.",
  });
}

/**
 * Whether the link has done its work, by this request or by another that used it at the same time.
 * Those who wait for the keys go on at the same moment: who loses that race to the end looks again.
 */
async function redeem(
  accounts: AccountStore,
  ...sent: Parameters<AccountStore["redeemSignUp"]>
): Promise<boolean> {
  try {
    const outcome = await accounts.redeemSignUp(...sent);
    return outcome.committed || hasRedeemed(outcome.failed.get(0));
  } catch (error) {
    const isContended = error instanceof Problem && error.code === "contention";
    if (isContended && hasRedeemed(await accounts.readTicket(sent[0]))) return true;
    throw error;
  }
}

const hasRedeemed = (met: Partial<Ticket> | undefined): boolean => met?.redeemedAtMs !== undefined;
