import type { Standing } from "./counter.ts";
import { periodNamed } from "./period.ts";
import { unlimited } from "./tiers.ts";

const secondsUntil = (epochMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((epochMs - nowMs) / 1000));

/** Seconds until the standing's period ends. */
export const secondsToReset = (standing: Standing, nowMs: number): number =>
  secondsUntil(periodNamed(standing.period).endsAtMs, nowMs);

/**
 * The fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): the quota
 * and its window in seconds, what is left and the seconds until it is whole again. Without a limit
 * there is no policy to tell.
 */
export function rateLimitFields(
  standings: readonly Standing[],
  nowMs: number,
): Record<string, string> {
  const limited = standings.filter(({ limit }) => limit !== unlimited);
  if (limited.length === 0) return {};
  return {
    "ratelimit-policy": limited
      .map(({ resource, limit, period }) => {
        const { startsAtMs, endsAtMs } = periodNamed(period);
        return `"${resource}";q=${limit};w=${(endsAtMs - startsAtMs) / 1000}`;
      })
      .join(", "),
    ratelimit: limited
      .map(
        (standing) =>
          `"${standing.resource}";r=${standing.remaining};t=${secondsToReset(standing, nowMs)}`,
      )
      .join(", "),
  };
}
