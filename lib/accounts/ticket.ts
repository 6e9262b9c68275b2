import { createHash, createHmac } from "node:crypto";
import { newId } from "../id.ts";

export type TicketKind = "sign-up" | "invitation" | "password-reset";

/** Initial links expire soon (ASVS 6.4.1); a reset link within what SP 800-63B-4 4.2.1.2 allows for e-mail. */
export const ticketLifetimeMs: Record<TicketKind, number> = {
  "sign-up": 24 * 3_600_000,
  invitation: 7 * 24 * 3_600_000,
  "password-reset": 3_600_000,
};

export const newTicketId = (): string => newId("ticket");

/**
 * The secret of a link, derived from the ticket's id: whoever sends the e-mail computes it from the
 * id in the audit record, so that no record, stream or queue ever holds it.
 */
export const ticketToken = (ticketId: string, ticketKey: Uint8Array): string =>
  createHmac("sha256", ticketKey).update(ticketId).digest("base64url");

/** 256 random bits need no password hash: a plain digest cannot be guessed backwards (SP 800-63B-4 section 3.1.2.2). */
export const hashTicketToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");
