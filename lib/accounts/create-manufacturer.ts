import { sourcesOf } from "../abuse/source.ts";
import { tooManyRequests } from "../abuse/source-budget.ts";
import type { AuditEntry } from "../audit/record.ts";
import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import { assertAcceptablePassword, isLongEnoughAlone } from "../auth/password-policy.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { newId } from "../id.ts";
import type { createManufacturerRoute } from "./api.ts";
import { hashEmail, normalizeEmail } from "./email-address.ts";
import { sealPasswordHash, sealSignUp } from "./sealed-sign-up.ts";
import type { RequestSignUpMail } from "./sign-up-store.ts";
import { signUpStatements } from "./sign-up-store.ts";
import type { AccountStore, Ticket } from "./store.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "./ticket.ts";

export interface CreateManufacturerDependencies extends PasswordDependencies {
  findLogin: AccountStore["findLogin"];
  requestSignUpMail: RequestSignUpMail;
  /** How many sign-ups a network may have mailed. */
  signUpBudget: (network: string, nowMs: number) => PeriodBudget;
  now: Clock;
}

type SignUpMail = [ticket: { token: string; content: Ticket } | undefined, entry: AuditEntry];

/**
 * Signs a manufacturer up. The answer, and the work done for it, are the same whether or not the
 * address has an account: a new one is sent a verification link, a known one the news that somebody
 * tried. A source that has asked for an address' e-mails often enough for this hour is answered alike
 * and sends none; another source's sign-up of the same address is sent.
 *
 * @throws Problem `too-many-requests` where the source has had its sign-ups for this hour;
 * `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function createManufacturer(
  { body, origin }: OperationRequest<typeof createManufacturerRoute>,
  dependencies: CreateManufacturerDependencies,
): Promise<{ status: "verification-sent" }> {
  const { findLogin, requestSignUpMail, secret, now } = dependencies;
  const { owner, ...company } = body;
  await assertAcceptablePassword(owner.password, {
    hasSecondFactor: false,
    words: [owner.name, owner.email, company.legalName],
  });
  const [lookupKey, ticketKey] = await Promise.all([secret("email-lookup"), secret("ticket")]);
  const emailHash = hashEmail(owner.email, lookupKey);
  const [passwordHash, existing] = await Promise.all([
    hashNewPassword(owner.password, dependencies),
    findLogin(emailHash),
  ]);

  const timeMs = now();
  const [line, ...around] = sourcesOf(origin.sourceAddress ?? "");
  const source = line.network;
  const budget = dependencies.signUpBudget(around.at(-1)?.network ?? source, timeMs);
  const requestMail = async (...[ticket, entry]: SignUpMail): Promise<void> => {
    const outcome = await requestSignUpMail({ emailHash, source, budget }, ticket, entry);
    if (outcome.committed || !outcome.failed.has(signUpStatements.source)) return;
    throw tooManyRequests(budget.endsAtMs, now);
  };

  if (existing) {
    await requestMail(undefined, {
      manufacturerId: existing.manufacturerId,
      subjectId: existing.memberId,
      action: "accounts.sign-up.repeated",
      outcome: "failure",
      origin,
      timeMs,
    });
    return { status: "verification-sent" };
  }

  const manufacturerId = newId("manufacturer");
  const ticketId = newTicketId(ticketKey);
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
  await requestMail(
    { token, content: ticket },
    {
      manufacturerId,
      subjectId: ticket.memberId,
      action: "accounts.sign-up.requested",
      outcome: "success",
      origin,
      timeMs,
      details: { ticketId },
    },
  );
  return { status: "verification-sent" };
}
