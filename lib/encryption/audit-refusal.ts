import type { Origin } from "../audit/origin.ts";
import type { RecordFailure } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { Caller } from "../http/request.ts";
import type { ProblemCode } from "../problem.ts";
import { Problem } from "../problem.ts";

/** An envelope that was forged, moved or stolen answers one of these; a slip of the pen does not. */
const suspicious: ReadonlySet<ProblemCode> = new Set([
  "tenant-mismatch",
  "commitment-mismatch",
  "ciphertext-tampered",
  "residency-violation",
]);

/**
 * Records that an envelope was refused for a reason that somebody should look at, and refuses it.
 * @throws whatever `open` throws
 */
export async function auditRefusal<Opened>(
  request: { readonly caller: Caller; readonly origin: Origin },
  { now, recordFailure }: { readonly recordFailure: RecordFailure; readonly now: Clock },
  open: () => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Problem && suspicious.has(error.code)) {
      const { manufacturerId, memberId } = request.caller;
      await recordFailure({
        manufacturerId,
        actorId: memberId,
        action: "encryption.envelope.refused",
        origin: request.origin,
        timeMs: now(),
        details: { code: error.code },
      });
    }
    throw error;
  }
}
