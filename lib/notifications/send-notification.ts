import type { EventBridgeEvent } from "aws-lambda";
import { hashEmail } from "../accounts/email-address.ts";
import type { Ticket } from "../accounts/store.ts";
import { ticketKeyOf, ticketToken } from "../accounts/ticket.ts";
import type { AuditRecord } from "../audit/record.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { ClaimMail } from "./claim-mail.ts";
import type { Recipient } from "./message.ts";
import { isWorthSending, messages } from "./messages.ts";
import { repudiate } from "./repudiate.ts";

export interface Email {
  to: string;
  subject: string;
  text: string;
}

export interface SendNotificationDependencies {
  readTicket: (token: string) => Promise<Ticket | undefined>;
  readMember: (
    manufacturerId: string,
    memberId: string,
  ) => Promise<{ email?: string | undefined } | undefined>;
  /** What the owner of the app or device that a record is about calls it, while it is there. */
  factorLabel: (record: AuditRecord) => Promise<string | undefined>;
  /** Addresses of the manufacturer's owners, suspended ones included. */
  ownerEmails: (manufacturerId: string) => Promise<readonly string[]>;
  secret: ReadSecret;
  claimMail: ClaimMail;
  send: (email: Email) => Promise<void>;
  frontEndUrl: string;
}

/**
 * Sends the e-mail a domain event calls for, if any, to each of its recipients. The secret of a link
 * is computed here from the ticket's id, so that no event carries it; addresses and labels are read
 * here, so that none carries them either. An event that comes twice is told twice. An e-mail beyond the
 * hour's budget of its kind is not sent: who caused it was answered as if it were.
 */
export async function sendNotification(
  { detail: record }: Pick<EventBridgeEvent<string, AuditRecord>, "detail">,
  dependencies: SendNotificationDependencies,
): Promise<{ sent: number }> {
  const message = messages[record.action];
  if (!message || !isWorthSending(record)) return { sent: 0 };
  const { emails, link } = await resolve(message.recipient, record, dependencies);
  const { subject } = message;
  const label = message.namesFactor ? await dependencies.factorLabel(record) : undefined;
  const text =
    message.text({ record, link, label }) +
    (message.offersTakingBack ? await takingBack(record, dependencies) : "");
  const lookupKey = await dependencies.secret("email-lookup");
  const { manufacturerId } = record;
  const { priority = "warning" } = message;
  let sent = 0;
  for (const to of emails) {
    const emailHash = hashEmail(to, lookupKey);
    if (!(await dependencies.claimMail({ emailHash, priority, manufacturerId }))) continue;
    await dependencies.send({ to, subject, text });
    sent += 1;
  }
  return { sent };
}

async function resolve(
  recipient: Recipient,
  record: AuditRecord,
  dependencies: SendNotificationDependencies,
): Promise<{ emails: readonly string[]; link: string }> {
  const { readMember, ownerEmails, frontEndUrl: link } = dependencies;
  if (recipient === "ticket") return resolveTicket(record, dependencies);
  if (recipient === "owners") return { emails: await ownerEmails(record.manufacturerId), link };
  const memberId = recipient === "actor" ? record.actorId : record.subjectId;
  const member = memberId ? await readMember(record.manufacturerId, memberId) : undefined;
  // A member who was removed since has no address any more.
  return { emails: member?.email ? [member.email] : [], link };
}

/** What to do about a change that one has not made, with the link that does it (SP 800-63B-4 section 4.6). */
async function takingBack(
  { details }: AuditRecord,
  { secret, frontEndUrl }: SendNotificationDependencies,
): Promise<string> {
  const ticketId = details?.["ticketId"];
  if (typeof ticketId !== "string") return ` ${repudiate}`;
  const key = await ticketKeyOf(ticketId, secret);
  // A link of a withdrawn key opens nothing.
  if (!key) return ` ${repudiate}`;
  const token = ticketToken(ticketId, key);
  return `\n\nIf this was not you, follow this link within 72 hours. It takes the change back where it can, ends every session, and has you choose a new password:\n\n${frontEndUrl}/not-me#token=${token}`;
}

async function resolveTicket(
  record: AuditRecord,
  { readTicket, secret, frontEndUrl }: SendNotificationDependencies,
): Promise<{ emails: readonly string[]; link: string }> {
  const ticketId = String(record.details?.["ticketId"]);
  const key = await ticketKeyOf(ticketId, secret);
  // A link of a withdrawn key opens nothing.
  if (!key) return { emails: [], link: frontEndUrl };
  const token = ticketToken(ticketId, key);
  const ticket = await readTicket(token);
  if (!ticket?.email) return { emails: [], link: frontEndUrl };
  // In the fragment: it reaches no server log and no Referer header.
  return { emails: [ticket.email], link: `${frontEndUrl}/${ticket.kind}#token=${token}` };
}
