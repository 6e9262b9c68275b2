import type { RecordFailure } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import type { validateBusinessDataRoute } from "./api.ts";
import type { BusinessDataVerdict } from "./validate-business-data.ts";
import { validateBusinessData } from "./validate-business-data.ts";

export interface ValidationDependencies {
  recordFailure: RecordFailure;
  now: Clock;
}

/**
 * Answers what is to be said of a submission. An attack in it is put on record as threat detection
 * does: by kind and risk, with the member who sent it, and without what was sent.
 */
export async function answerValidation(
  { body, caller, origin }: OperationRequest<typeof validateBusinessDataRoute>,
  { recordFailure, now }: ValidationDependencies,
): Promise<BusinessDataVerdict> {
  const verdict = validateBusinessData(body);
  const { threats, riskLevel } = verdict;
  if (threats.length === 0) return verdict;
  await recordFailure({
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    action: "threats.attack.detected",
    origin,
    timeMs: now(),
    details: { types: [...new Set(threats.map(({ type }) => type))], riskLevel },
  });
  return verdict;
}
