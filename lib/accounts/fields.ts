import * as z from "zod/mini";
import { PlainText } from "../http/plain-text.ts";

/** What a person or a company is called. */
export const Name = PlainText.check(z.maxLength(200));

/**
 * A mailbox address: at most 254 characters, 64 of them before the @ (RFC 5321 section 4.5.3.1). Of
 * what RFC 5322 allows before it, what mail servers hand out: letters, digits, and single dots.
 */
export const EmailAddress = z
  .email({
    pattern:
      /^(?=[^@]{1,64}@)(?!\.)(?!.*\.\.)[A-Za-z0-9_'+.-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/,
  })
  .check(z.maxLength(254));

/** Bounded here so that hashing has a bound; the password rules proper are the operation's. */
export const Password = z.string().check(z.minLength(1), z.maxLength(1024));

/** The secret of an e-mailed link: 256 bits in base64url. */
export const TicketToken = z.string().check(z.regex(/^([1-9][0-9]{0,5}-)?[A-Za-z0-9_-]{43}$/));

/** ISO 3166-1 alpha-2. */
export const Country = z.string().check(z.regex(/^[A-Z]{2}$/));

/** A member in a path. */
export const MemberParams = z.object({
  memberId: z.string().check(z.regex(/^mem_[A-Za-z0-9_-]{22}$/)),
});
