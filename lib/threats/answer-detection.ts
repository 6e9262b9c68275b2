import type { RecordFailure } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { detectThreatRoute } from "./api.ts";
import type { Detection } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";
import { typesOf } from "./screen-body.ts";

const detect = performanceMonitor(innerOperations.threatDetection)(detectThreat);

export interface ThreatDetectionDependencies {
  recordFailure: RecordFailure;
  now: Clock;
}

/**
 * Answers what the detector says. An attack is put on record by kind and risk, with the member who
 * sent it, so that it becomes a domain event; what was sent is not kept. It does not count for the alarm
 * on attacks: whoever asks holds the data of others in hand, and may ask as often as they like.
 *
 * @throws Problem `body-too-large` for data that is too long to screen
 */
export async function answerDetection(
  { body, caller, origin }: OperationRequest<typeof detectThreatRoute>,
  { recordFailure, now }: ThreatDetectionDependencies,
): Promise<Detection> {
  const { type, data, htmlAllowed = [], ignore = [] } = body;
  const detection = detect(type, data, { htmlAllowed, ignore });
  if (!detection.threat) return detection;
  await recordFailure({
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    action: "threats.attack.detected",
    origin,
    timeMs: now(),
    details: {
      types: typesOf(detection.findings),
      riskLevel: detection.riskLevel,
    },
  });
  return detection;
}
