import type { Ticket } from "../accounts/store.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "../accounts/ticket.ts";
import { putTicket } from "../accounts/ticket-store.ts";
import type { Secret } from "../auth/platform-secrets.ts";
import type { Statement } from "../aws/transact.ts";

/** A change of a member's factors or devices, as its link "this was not me" takes it back. */
export type FactorChange =
  | {
      kind: "factor-bound";
      factorId: string;
      replacedFactorId?: string | undefined;
      /** Of the codes that came with it, if any did. */
      backupCodeGeneration?: number | undefined;
    }
  | { kind: "factor-removed"; factorId: string }
  | { kind: "backup-codes-generated"; backupCodeGeneration: number }
  | { kind: "device-registered"; deviceId: string }
  | { kind: "device-revoked"; deviceId: string };

/**
 * The ticket of a link that takes a change back, good for 72 hours and once (SP 800-63B-4 section 4.6).
 * It is put by the transaction of the change; the record of the change holds its id, from which the
 * notifier computes the secret. It goes to the member's own address, whatever that is when it is sent.
 */
export function notMeTicket(
  table: string,
  { manufacturerId, memberId }: { manufacturerId: string; memberId: string },
  change: FactorChange,
  { ticketKey, nowMs }: { ticketKey: Secret; nowMs: number },
): { ticketId: string; statement: Statement } {
  const ticketId = newTicketId(ticketKey);
  const content: Ticket = {
    ticketId,
    kind: "not-me",
    manufacturerId,
    memberId,
    change,
    expiresAtMs: nowMs + ticketLifetimeMs["not-me"],
  };
  return {
    ticketId,
    statement: putTicket(table, { token: ticketToken(ticketId, ticketKey), content }),
  };
}
