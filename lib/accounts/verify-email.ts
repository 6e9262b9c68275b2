import type { Clock } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { verifyEmailRoute } from "./api.ts";
import { sealProfile } from "./sealed-profile.ts";
import { openSignUp } from "./sealed-sign-up.ts";
import type { AccountStore, Ticket } from "./store.ts";

export interface VerifyEmailDependencies {
  accounts: AccountStore;
  /** Makes a manufacturer's keys when it first seals. */
  encryption: EncryptionDependencies;
  now: Clock;
}

/**
 * Follows a sign-up's link: makes the manufacturer's keys, then the manufacturer, its owner, its free
 * plan and the owner's sign-in in one transaction. The same link again answers the same and changes
 * nothing; where the transaction is refused, keys are left that nothing is sealed with.
 *
 * @throws Problem `invalid-ticket` for an unknown, foreign or expired link; `email-taken` when the
 * address was claimed by another sign-up meanwhile; `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function verifyEmail(
  { body, requestId }: OperationRequest<typeof verifyEmailRoute>,
  { accounts, encryption, now }: VerifyEmailDependencies,
): Promise<{ manufacturerId: string; memberId: string; tier: "free" }> {
  const ticket = await accounts.readTicket(body.token);
  if (ticket?.kind !== "sign-up" || ticket.expiresAtMs <= now()) {
    throw new Problem("invalid-ticket", { detail: "Ask for a new link by signing up again." });
  }
  if (ticket.signUp) {
    const signUp = openSignUp(body.token, ticket.signUp);
    const profile = await sealProfile(encryption, signUp.profile);
    const redeemed = await redeem(
      accounts,
      body.token,
      ticket,
      { ...signUp, profile },
      {
        manufacturerId: ticket.manufacturerId,
        actorId: ticket.memberId,
        subjectId: ticket.manufacturerId,
        action: "accounts.manufacturer.created",
        outcome: "success",
        requestId,
        timeMs: now(),
      },
    );
    if (!redeemed) {
      throw new Problem("email-taken", {
        detail: "Sign in with this address, or sign up with another.",
      });
    }
  }
  const { manufacturerId, memberId } = ticket;
  return { manufacturerId, memberId, tier: "free" };
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
    return outcome.committed || isRedeemed(outcome.failed.get(0));
  } catch (error) {
    const isContended = error instanceof Problem && error.code === "contention";
    if (isContended && isRedeemed(await accounts.readTicket(sent[0]))) return true;
    throw error;
  }
}

const isRedeemed = (met: Partial<Ticket> | undefined): boolean => met?.redeemedAtMs !== undefined;
