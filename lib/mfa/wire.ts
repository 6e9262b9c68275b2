import * as z from "zod/mini";
import { PlainText } from "../http/plain-text.ts";

/** Six ASCII digits: another script's digits would reach a comparison that throws on them. */
export const TotpCode = z.string().check(z.regex(/^[0-9]{6}$/));

export const FactorId = z.string().check(z.regex(/^fac_[A-Za-z0-9_-]{22}$/));

/** `dev_` and the RFC 7638 thumbprint of the device's key. */
export const DeviceId = z.string().check(z.regex(/^dev_[A-Za-z0-9_-]{43}$/));

/** Compact JWS (RFC 7515 section 7.1). */
export const DeviceProof = z.string().check(z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/), z.maxLength(2048));

/** What a person calls a factor or a device. */
export const Label = PlainText.check(z.maxLength(64));

/** The query of changes that end the caller's other sessions unless it says `false`. */
export const EndOtherSessions = z.strictObject({
  endOtherSessions: z.optional(z.enum(["true", "false"])),
});
