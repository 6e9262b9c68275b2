import type { Counter } from "./counter.ts";
import { unlimited } from "./tiers.ts";

/** Percent of the limit at which a manufacturer is told, and the first unit beyond it. */
export const alertNames = ["80", "90", "100", "overage"] as const;
export type AlertName = (typeof alertNames)[number];

type Level = Pick<Counter, "used" | "limit">;

const hasReached = ({ used, limit }: Level, alert: AlertName): boolean => {
  if (limit === unlimited || used === 0) return false;
  return alert === "overage" ? used > limit : used * 100 >= Number(alert) * limit;
};

/**
 * The alerts that lie between two states of a counter. Writes to one counter are serialised, so each
 * crossing is seen in exactly one pair of images. A limit that is lowered passes the marks that use
 * now lies above, but starts no overage: nothing was admitted beyond it.
 */
export const crossedAlerts = (before: Level | undefined, after: Level): AlertName[] =>
  alertNames.filter(
    (alert) =>
      hasReached(after, alert) &&
      !(before && hasReached(before, alert)) &&
      (alert !== "overage" || after.used > (before?.used ?? 0)),
  );
