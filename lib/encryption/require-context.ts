import { hash, timingSafeEqual } from "node:crypto";
import { Problem } from "../problem.ts";
import type { Envelope } from "./envelope.ts";
import { canonicalContext } from "./header.ts";

/**
 * Holds what an opener says an envelope is about against what it was sealed with: both must name the
 * same pairs, so that an envelope put in another's place does not pass for it. Compared in constant
 * time, as digests of the canonical form.
 * @throws Problem `commitment-mismatch`
 */
export function requireContext(
  { context }: Pick<Envelope, "context">,
  given: Readonly<Record<string, string>>,
): void {
  if (timingSafeEqual(digestContext(context), digestContext(given))) return;
  throw new Problem("commitment-mismatch", {
    detail: "The context is not the one that it was sealed with.",
  });
}

/** SHA-256 of a context's canonical form. */
export const digestContext = (context: Readonly<Record<string, string>>): Buffer =>
  hash("sha256", canonicalContext(context), "buffer");
