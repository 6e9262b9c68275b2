import { createHmac } from "node:crypto";
import type { Secret } from "../auth/platform-secrets.ts";

/** One spelling per mailbox: NFC, no outer white space, lower case. */
export const normalizeEmail = (address: string): string =>
  address.trim().normalize("NFC").toLowerCase();

/** The key under which a sign-in is found: without the secret, the table does not tell who has one. */
export const hashEmail = (address: string, lookupKey: Secret): string =>
  createHmac("sha256", lookupKey.key).update(normalizeEmail(address)).digest("base64url");
