import { systemClock } from "../clock.ts";
import { embeddedMetrics, writeToStandardOutput } from "./metrics.ts";

/** A metric of its own, written at once, for what an alarm must not miss. */
export const counter =
  (name: string, stage: string): ((count: number) => void) =>
  (count) =>
    writeToStandardOutput(
      embeddedMetrics(
        systemClock(),
        [{ dimensions: ["stage"], metrics: [{ Name: name, Unit: "Count" }] }],
        { stage, [name]: count },
      ),
    );
