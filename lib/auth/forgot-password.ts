import { hashEmail } from "../accounts/email-address.ts";
import { newPasswordReset } from "../accounts/password-reset-ticket.ts";
import type { AccountStore } from "../accounts/store.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { forgotPasswordRoute } from "./password-api.ts";
import type { ReadSecret } from "./platform-secrets.ts";

/**
 * Sends a reset link where the address has an account; the answer never tells. An address without
 * one spends its hourly e-mails all the same, so that the work is alike.
 */
export async function forgotPassword(
  { body, origin }: OperationRequest<typeof forgotPasswordRoute>,
  { accounts, secret, now }: { accounts: AccountStore; secret: ReadSecret; now: Clock },
): Promise<{ status: "reset-sent" }> {
  const [lookupKey, ticketKey] = await Promise.all([secret("email-lookup"), secret("ticket")]);
  const emailHash = hashEmail(body.email, lookupKey);
  const mail = { emailHash, kind: "password-forgotten" } as const;
  const login = await accounts.findLogin(emailHash);
  // Nobody is looked up too: the work tells as little as the answer.
  const { manufacturerId, memberId } = login ?? { manufacturerId: "none", memberId: "none" };
  const member = await accounts.readMember(manufacturerId, memberId);
  if (member?.status !== "active") {
    await accounts.spendMail(mail, now());
    return { status: "reset-sent" };
  }
  const reset = newPasswordReset(member, ticketKey, now());
  await accounts.requestMail(mail, reset, {
    manufacturerId: member.manufacturerId,
    subjectId: member.memberId,
    action: "auth.password.reset-requested",
    outcome: "success",
    origin,
    timeMs: now(),
    details: { ticketId: reset.content.ticketId },
  });
  return { status: "reset-sent" };
}
