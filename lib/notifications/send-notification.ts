import type { EventBridgeEvent } from "aws-lambda";
import type { Ticket } from "../accounts/store.ts";
import { ticketToken } from "../accounts/ticket.ts";
import type { AuditRecord } from "../audit/record.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import type { Recipient } from "./message.ts";
import { isWorthSending, messages } from "./messages.ts";

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
  secret: ReadSecret;
  send: (email: Email) => Promise<void>;
  frontEndUrl: string;
}

/**
 * Sends the e-mail a domain event calls for, if any. The secret of a link is computed here from the
 * ticket's id, so that no event carries it; addresses are read here, so that none carries them either.
 */
export async function sendNotification(
  { detail: record }: Pick<EventBridgeEvent<string, AuditRecord>, "detail">,
  dependencies: SendNotificationDependencies,
): Promise<{ sent: boolean }> {
  const message = messages[record.action];
  if (!message || !isWorthSending(record)) return { sent: false };
  const target = await resolve(message.recipient, record, dependencies);
  if (!target) return { sent: false };
  await dependencies.send({
    to: target.email,
    subject: message.subject,
    text: message.text({ record, link: target.link }),
  });
  return { sent: true };
}

async function resolve(
  recipient: Recipient,
  record: AuditRecord,
  { readTicket, readMember, secret, frontEndUrl }: SendNotificationDependencies,
): Promise<{ email: string; link: string } | undefined> {
  if (recipient === "ticket") {
    const token = ticketToken(String(record.details?.["ticketId"]), await secret("ticket"));
    const ticket = await readTicket(token);
    // In the fragment: it reaches no server log and no Referer header.
    if (!ticket?.email) return undefined;
    return { email: ticket.email, link: `${frontEndUrl}/${ticket.kind}#token=${token}` };
  }
  const memberId = recipient === "actor" ? record.actorId : record.subjectId;
  const member = memberId ? await readMember(record.manufacturerId, memberId) : undefined;
  // A member who was removed since has no address any more.
  return member?.email ? { email: member.email, link: frontEndUrl } : undefined;
}
