import type { Period } from "./rollup-store.ts";

export const overviewWindows = ["1h", "6h", "24h", "7d"] as const;
export type OverviewWindow = (typeof overviewWindows)[number];

/** How long a window is, and the rollups it is put together from. */
export const windowShapes: Record<OverviewWindow, { hours: number; period: Period }> = {
  "1h": { hours: 1, period: "slice" },
  "6h": { hours: 6, period: "slice" },
  "24h": { hours: 24, period: "hour" },
  "7d": { hours: 168, period: "hour" },
};
