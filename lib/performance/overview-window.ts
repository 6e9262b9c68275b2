import { hourMs, sliceMs, startOf } from "./rollup.ts";
import type { Period } from "./rollup-store.ts";

export const overviewWindows = ["1h", "6h", "24h", "7d"] as const;
export type OverviewWindow = (typeof overviewWindows)[number];

const windowHours: Record<OverviewWindow, number> = { "1h": 1, "6h": 6, "24h": 24, "7d": 168 };

/** Whole periods up to the running one, which is counted as far as it has come. */
export function boundsOf(
  window: OverviewWindow,
  nowMs: number,
): { period: Period; fromMs: number; toMs: number } {
  const hours = windowHours[window];
  // Five minutes are kept for some days only, and for long windows hours are fine enough.
  const period = hours <= 6 ? "slice" : "hour";
  const lengthMs = period === "slice" ? sliceMs : hourMs;
  const fromMs = startOf(nowMs, lengthMs) + lengthMs - hours * hourMs;
  return { period, fromMs, toMs: nowMs };
}
