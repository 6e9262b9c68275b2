import type { Clock } from "../clock.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import { Problem } from "../problem.ts";
import type { Algorithm, FipsPolicy } from "./algorithms.ts";
import type { Content } from "./content.ts";
import type { Envelope } from "./envelope.ts";
import { contextBytesMax } from "./envelope.ts";
import type { KeyRing } from "./key-ring.ts";
import type { RandomSource } from "./random-pool.ts";
import { sealRecord } from "./seal-record.ts";

export interface EncryptionDependencies {
  readonly keyRing: KeyRing;
  readonly random: RandomSource;
  readonly now: Clock;
  readonly fips: FipsPolicy;
}

/**
 * Seals JSON, text or bytes into an envelope that only this manufacturer, in its region, can open.
 * @param request.algorithm AES-256-GCM unless said
 * @param request.context pairs that must be the same on opening; visible in the envelope
 * @throws Problem `limit-exceeded`, `algorithm-not-approved`, `residency-violation`,
 * `erasure-pending`, `key-destroyed`, `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export const encryptManufacturerData = performanceMonitor(innerOperations.encryption)(encrypt);

async function encrypt(
  dependencies: EncryptionDependencies,
  request: {
    readonly manufacturerId: string;
    readonly content: Content;
    readonly algorithm?: Algorithm | undefined;
    readonly context?: Readonly<Record<string, string>> | undefined;
  },
): Promise<Envelope> {
  const { content, context = {} } = request;
  requireShort(context);
  const key = await dependencies.keyRing.sealingKey(
    request.manufacturerId,
    "envelope",
    content.bytes.byteLength,
  );
  return sealRecord({
    key,
    plaintext: content.bytes,
    content: content.kind === "data" ? undefined : content.kind,
    algorithm: request.algorithm ?? "AES-256-GCM",
    context,
    now: dependencies.now(),
    random: dependencies.random,
    fips: dependencies.fips,
  });
}

/** @throws Problem `limit-exceeded` */
function requireShort(context: Readonly<Record<string, string>>): void {
  if (Buffer.byteLength(JSON.stringify(context)) <= contextBytesMax) return;
  throw new Problem("limit-exceeded", {
    detail: `a context holds at most ${contextBytesMax} bytes of JSON`,
  });
}
