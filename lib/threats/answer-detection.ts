import type { RecordFailure } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { detectThreatRoute } from "./api.ts";
import type { Detection } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";

const detect = performanceMonitor(innerOperations.threatDetection)(detectThreat);

export interface ThreatDetectionDependencies {
  recordFailure: RecordFailure;
  /** Told how many attacks were found, for the alarm on their rate. */
  reportAttacks: (attacks: number) => void;
  now: Clock;
}

/**
 * Answers what the detector says. An attack is put on record by kind and risk, with the member who
 * sent it, so that it becomes a domain event; what was sent is not kept.
 *
 * @throws Problem `body-too-large` for data that is too long to screen
 */
export async function answerDetection(
  { body, caller, requestId }: OperationRequest<typeof detectThreatRoute>,
  { recordFailure, reportAttacks, now }: ThreatDetectionDependencies,
): Promise<Detection> {
  const { type, data, htmlAllowed = [], ignore = [] } = body;
  const detection = detect(type, data, { htmlAllowed, ignore });
  if (!detection.threat) return detection;
  reportAttacks(detection.findings.length);
  await recordFailure({
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    action: "threats.attack.detected",
    requestId,
    timeMs: now(),
    details: {
      types: [...new Set(detection.findings.map(({ type: found }) => found))],
      riskLevel: detection.riskLevel,
    },
  });
  return detection;
}
