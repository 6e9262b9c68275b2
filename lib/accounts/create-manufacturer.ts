import type { PasswordScheme } from "../auth/password-hash.ts";
import { hashPassword } from "../auth/password-hash.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "../auth/password-policy.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import { currentSecretVersion } from "../auth/platform-secrets.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { newId } from "../id.ts";
import type { createManufacturerRoute } from "./api.ts";
import { hashEmail, normalizeEmail } from "./email-address.ts";
import type { AccountStore, Ticket } from "./store.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "./ticket.ts";

export interface CreateManufacturerDependencies {
  accounts: AccountStore;
  secret: ReadSecret;
  passwordScheme: PasswordScheme;
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
  { accounts, secret, passwordScheme, now }: CreateManufacturerDependencies,
): Promise<{ status: "verification-sent" }> {
  const { owner, ...company } = body;
  assertAcceptablePassword(owner.password, {
    hasSecondFactor: false,
    words: [owner.name, owner.email, company.legalName],
  });
  const [pepper, lookupKey, ticketKey] = await Promise.all([
    secret("pepper"),
    secret("email-lookup"),
    secret("ticket"),
  ]);
  const emailHash = hashEmail(owner.email, lookupKey);
  const [passwordHash, existing] = await Promise.all([
    hashPassword(owner.password, { version: currentSecretVersion, key: pepper }, passwordScheme),
    accounts.findLogin(emailHash),
  ]);

  if (existing) {
    await accounts.requestMail(emailHash, undefined, {
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
  const ticket: Ticket = {
    ticketId: newTicketId(),
    kind: "sign-up",
    email: normalizeEmail(owner.email),
    expiresAtMs: timeMs + ticketLifetimeMs["sign-up"],
    manufacturerId,
    memberId: newId("member"),
    signUp: {
      profile: { manufacturerId, ...company, createdAtMs: timeMs },
      ownerName: owner.name,
      emailHash,
      passwordHash,
      isLongPassword: isLongEnoughAlone(owner.password),
    },
  };
  const token = ticketToken(ticket.ticketId, ticketKey);
  await accounts.requestMail(
    emailHash,
    { token, content: ticket },
    {
      manufacturerId,
      subjectId: ticket.memberId,
      action: "accounts.sign-up.requested",
      outcome: "success",
      requestId,
      timeMs,
      details: { ticketId: ticket.ticketId },
    },
  );
  return { status: "verification-sent" };
}
