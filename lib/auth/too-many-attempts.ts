import { Problem } from "../problem.ts";
import type { Charge } from "./attempt-counter.ts";

const longestRetryMs = 3_600_000;

/** The answer to an attempt that was not charged; a disabled authenticator looks like a long wait. */
export function tooManyAttempts(charge: Extract<Charge, { charged: false }>): Problem {
  const retryAfterMs = charge.reason === "waiting" ? charge.retryAfterMs : longestRetryMs;
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
  return new Problem("too-many-attempts", {
    detail: "Wait before the next attempt, or use a device that has signed in before.",
    extra: { retryAfterSeconds },
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}
