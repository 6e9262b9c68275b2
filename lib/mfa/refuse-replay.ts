import type { Origin } from "../audit/origin.ts";
import type { RecordFailure } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { Problem } from "../problem.ts";
import { invalidCode } from "./match-totp.ts";

/**
 * Why a matched code did not count. One whose time step was used already is somebody else's copy: a
 * record of its own says so, and the member is told (SP 800-63B-4 section 3.1.4.2).
 */
export async function refuseReplay(
  met: Record<string, unknown> | undefined,
  attempt: {
    manufacturerId: string;
    memberId: string;
    factorId: string;
    step: number;
    origin: Origin;
  },
  { recordFailure, now }: { recordFailure: RecordFailure; now: Clock },
): Promise<Problem> {
  const { manufacturerId, memberId, factorId, step, origin } = attempt;
  if (Number(met?.["lastStep"] ?? -1) >= step) {
    await recordFailure({
      manufacturerId,
      subjectId: memberId,
      action: "mfa.otp.replayed",
      origin,
      timeMs: now(),
      details: { factorId },
    });
  }
  return invalidCode();
}
