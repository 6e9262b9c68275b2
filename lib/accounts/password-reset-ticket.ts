import type { Secret } from "../auth/platform-secrets.ts";
import type { Member, Ticket } from "./store.ts";
import { newTicketId, ticketLifetimeMs, ticketToken } from "./ticket.ts";

/** The ticket of a reset link for a member's own address, good for the password that they have now. */
export function newPasswordReset(
  member: Pick<Member, "manufacturerId" | "memberId" | "email" | "passwordVersion">,
  ticketKey: Secret,
  nowMs: number,
): { token: string; content: Ticket } {
  const ticketId = newTicketId(ticketKey);
  return {
    token: ticketToken(ticketId, ticketKey),
    content: {
      ticketId,
      kind: "password-reset",
      email: member.email,
      expiresAtMs: nowMs + ticketLifetimeMs["password-reset"],
      manufacturerId: member.manufacturerId,
      memberId: member.memberId,
      passwordVersion: member.passwordVersion ?? 0,
    },
  };
}
