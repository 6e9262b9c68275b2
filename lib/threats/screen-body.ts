import { Problem } from "../problem.ts";
import type { Finding } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";
import type { Screen } from "./screening.ts";

/**
 * Screens bodies with the product's own detector.
 *
 * @param report told how many attacks were found, for the alarm on their rate
 * @throws Problem `threat-detected` from the screen, where its mode is `block`
 */
export const bodyScreen =
  (report: (attacks: number) => void): Screen =>
  (body, { mode, ...options }) => {
    const { threat, findings } = detectThreat(undefined, body, options);
    if (!threat) return;
    report(findings.length);
    if (mode === "block") throw threatDetected(findings);
  };

/** Says where and what, so that somebody who meant no harm can write it otherwise. */
export const threatDetected = (findings: readonly Finding[]): Problem =>
  new Problem("threat-detected", {
    detail: "A field looks like an attack; write it otherwise.",
    extra: {
      errors: findings
        .slice(0, 50)
        .map(({ pointer, type }) => ({ pointer: `/body${pointer}`, code: type.replace("_", "-") })),
    },
  });
