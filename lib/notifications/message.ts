import type { AuditRecord } from "../audit/record.ts";
import type { MailPriority } from "./claim-mail.ts";

/**
 * Who is written to: the address a link was made for, the member an event is about, or every owner of
 * the manufacturer.
 */
export type Recipient = "ticket" | "subject" | "actor" | "owners";

export interface Message {
  recipient: Recipient;
  /** What it gives way to when e-mails are short; `warning` unless said. */
  priority?: MailPriority;
  subject: string;
  /** Whether its reader can take the change back by a link, which follows the text. */
  offersTakingBack?: true;
  /** Whether the text names an app or a device as its owner does. */
  namesFactor?: true;
  /** Plain text; `link` is the address to follow, present for a ticket. */
  text: (context: { record: AuditRecord; link: string; label?: string | undefined }) => string;
}
