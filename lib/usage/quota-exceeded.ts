import { Problem } from "../problem.ts";
import type { Standing } from "./counter.ts";
import { rateLimitFields, secondsToReset } from "./rate-limit-fields.ts";

/**
 * The refusal of a charge: where the manufacturer stands, which policy bound (the extension member
 * `violated-policies` of draft-ietf-httpapi-ratelimit-headers), and when it is worth trying again.
 */
export function quotaExceeded(standing: Standing, amount: number, nowMs: number): Problem {
  const { resource, limit, used, period } = standing;
  return new Problem("quota-exceeded", {
    detail: `${amount} of ${resource} do not fit: ${used} of ${limit} are used in ${period}.`,
    extra: { ...standing, "violated-policies": [resource] },
    headers: {
      "retry-after": String(secondsToReset(standing, nowMs)),
      ...rateLimitFields([standing], nowMs),
    },
  });
}
