import { createHash, createHmac } from "node:crypto";
import type { ReadSecret, Secret } from "../auth/platform-secrets.ts";
import { versionOf } from "../auth/platform-secrets.ts";
import { newId } from "../id.ts";

export type TicketKind = "sign-up" | "invitation" | "password-reset" | "not-me";

/** Initial links expire soon (ASVS 6.4.1); a reset link within what SP 800-63B-4 4.2.1.2 allows for e-mail. */
export const ticketLifetimeMs: Record<TicketKind, number> = {
  "sign-up": 24 * 3_600_000,
  invitation: 7 * 24 * 3_600_000,
  "password-reset": 3_600_000,
  "not-me": 72 * 3_600_000,
};

/** The id names the version of the key that the link's secret is computed with. */
export const newTicketId = ({ version }: Secret): string => `${newId("ticket")}.${version}`;

/**
 * The secret of a link, derived from the ticket's id: whoever sends the e-mail computes it from the
 * id in the audit record, so that no record, stream or queue ever holds it. It names the version of
 * its key, so that those of a withdrawn one are refused.
 */
export const ticketToken = (ticketId: string, { version, key }: Secret): string =>
  `${version}-${createHmac("sha256", key).update(ticketId).digest("base64url")}`;

/** The key that a ticket's secret was computed with; undefined where it was withdrawn. */
export const ticketKeyOf = (ticketId: string, secret: ReadSecret): Promise<Secret | undefined> =>
  secret("ticket", versionOf(ticketId.split(".")[1]) ?? firstVersion);

/** Whether the key of a link's secret is still accepted: others may compute links of a withdrawn one. */
export async function isTicketKeyAccepted(token: string, secret: ReadSecret): Promise<boolean> {
  const [, keyId] = /^(\d+)-[\w-]{43}$/.exec(token) ?? [];
  return (await secret("ticket", versionOf(keyId) ?? firstVersion)) !== undefined;
}

/** Links from before keys had versions name none. */
const firstVersion = 1;

/** 256 random bits need no password hash: a plain digest cannot be guessed backwards (SP 800-63B-4 section 3.1.2.2). */
export const hashTicketToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");
