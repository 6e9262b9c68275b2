import * as z from "zod/mini";

/**
 * Controls, direction marks, zero-width and other characters that nobody sees, line separators. A
 * variation selector stays: it is half of an emoji.
 */
const invisible = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\uFE0F]]/v;

/** One line of text that people read, such as a name or a label: what it shows is what it is. */
export const PlainText = z.string().check(
  z.refine((text) => !invisible.test(text), { params: { code: "invisible-character" } }),
  z.trim(),
  z.minLength(1),
);
