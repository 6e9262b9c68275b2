import { systemClock } from "../clock.ts";
import { embeddedMetrics, writeToStandardOutput } from "./metrics.ts";

/**
 * A metric of its own, written at once, for what an alarm must not miss; in all, and once more by
 * `cause`, the dimensions that tell whose doing it is.
 */
export const counter =
  (name: string, stage: string): ((count: number, cause?: Record<string, string>) => void) =>
  (count, cause) => {
    const metrics = [{ Name: name, Unit: "Count" as const }];
    const whole = { dimensions: ["stage"], metrics };
    const sets = cause
      ? [whole, { dimensions: ["stage", ...Object.keys(cause)], metrics }]
      : [whole];
    writeToStandardOutput(embeddedMetrics(systemClock(), sets, { stage, ...cause, [name]: count }));
  };
