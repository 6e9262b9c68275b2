import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "../auth/password-policy.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { newId } from "../id.ts";
import type { createManufacturerRoute } from "./api.ts";
import { hashEmail, normalizeEmail } from "./email-address.ts";
import { sealPasswordHash, sealSignUp } from "./sealed-sign-up.ts";
import type { AccountStore, Ticket } from "./store.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "./ticket.ts";

export interface CreateManufacturerDependencies extends PasswordDependencies {
  accounts: AccountStore;
  now: Clock;
}

/**
 * Signs a manufacturer up. The answer, and the work done for it, are the same whether or not the
 * address has an account: a new one is sent a verification link, a known one the news that somebody
 * tried, and an address that has had its e-mails for this hour gets none.
 *
 * @throws Problem `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function createManufacturer(
  { body, requestId }: OperationRequest<typeof createManufacturerRoute>,
  dependencies: CreateManufacturerDependencies,
): Promise<{ status: "verification-sent" }> {
  const { accounts, secret, now } = dependencies;
  const { owner, ...company } = body;
  assertAcceptablePassword(owner.password, {
    hasSecondFactor: false,
    words: [owner.name, owner.email, company.legalName],
  });
  const [lookupKey, ticketKey] = await Promise.all([secret("email-lookup"), secret("ticket")]);
  const emailHash = hashEmail(owner.email, lookupKey);
  const [passwordHash, existing] = await Promise.all([
    hashNewPassword(owner.password, dependencies),
    accounts.findLogin(emailHash),
  ]);

  if (existing) {
    await accounts.requestMail({ emailHash, kind: "sign-up" }, undefined, {
      manufacturerId: existing.manufacturerId,
      subjectId: existing.memberId,
      action: "accounts.sign-up.repeated",
      outcome: "failure",
      requestId,
      timeMs: now(),
    });
    return { status: "verification-sent" };
  }

  const timeMs = now();
  const manufacturerId = newId("manufacturer");
  const ticketId = newTicketId();
  const token = ticketToken(ticketId, ticketKey);
  const ticket: Ticket = {
    ticketId,
    kind: "sign-up",
    email: normalizeEmail(owner.email),
    expiresAtMs: timeMs + ticketLifetimeMs["sign-up"],
    manufacturerId,
    memberId: newId("member"),
    signUp: sealSignUp(token, {
      profile: { manufacturerId, ...company, createdAtMs: timeMs },
      ownerName: owner.name,
      emailHash,
      isLongPassword: isLongEnoughAlone(owner.password),
    }),
    passwordHash: sealPasswordHash(token, passwordHash),
  };
  await accounts.requestMail(
    { emailHash, kind: "sign-up" },
    { token, content: ticket },
    {
      manufacturerId,
      subjectId: ticket.memberId,
      action: "accounts.sign-up.requested",
      outcome: "success",
      requestId,
      timeMs,
      details: { ticketId },
    },
  );
  return { status: "verification-sent" };
}
