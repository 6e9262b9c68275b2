import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { platformManufacturerId } from "../access/rank.ts";
import type { RecordFailure } from "../audit/record.ts";
import { failureRecorder } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import { counter } from "../http/counter.ts";
import { Problem } from "../problem.ts";
import type { Finding } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";
import type { Screen } from "./screening.ts";

export interface BodyScreenDependencies {
  recordFailure: RecordFailure;
  /** Told of each attack and whose it is, for the alarms on their rate, in all and by member. */
  reportAttacks: (attacks: number, cause: { memberId: string }) => void;
  now: Clock;
}

/** Strangers count together: only who is signed in can be told from another. */
const anonymous = "anonymous";

/**
 * Screens bodies with the product's own detector. An attack counts once however many fields hold it,
 * and is put on record by kind, risk and operation, never with what was sent: in the manufacturer's
 * own trail, in the platform's where nobody is signed in.
 *
 * @throws Problem `threat-detected` from the screen, where its mode is `block`
 */
export const bodyScreen =
  ({ recordFailure, reportAttacks, now }: BodyScreenDependencies): Screen =>
  async (body, { mode, ...options }, { operationId, origin, caller }) => {
    const { threat, findings, riskLevel } = detectThreat(undefined, body, options);
    if (!threat) return;
    reportAttacks(1, { memberId: caller?.memberId ?? anonymous });
    await recordFailure({
      manufacturerId: caller?.manufacturerId ?? platformManufacturerId,
      actorId: caller?.memberId,
      action: mode === "block" ? "threats.attack.blocked" : "threats.attack.flagged",
      origin,
      timeMs: now(),
      details: { operation: operationId, types: typesOf(findings), riskLevel },
    });
    if (mode === "block") throw threatDetected(findings);
  };

/** Everything that screening a route takes, from a function's environment. */
export const bodyScreenOf = (
  documents: DynamoDBDocumentClient,
  env: { STAGE: string; AUDIT_TABLE: string },
  now: Clock,
): Screen =>
  bodyScreen({
    recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
    reportAttacks: counter("attacksDetected", env.STAGE),
    now,
  });

/** The kinds that were found, each once. */
export const typesOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ type }) => type)),
];

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
