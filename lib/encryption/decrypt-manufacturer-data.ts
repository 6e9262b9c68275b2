import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import { Problem } from "../problem.ts";
import type { Content } from "./content.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import { parseEnvelope } from "./envelope.ts";
import { openRecord } from "./open-record.ts";
import { requireContext } from "./require-context.ts";

/** An envelope of unknown origin, and who says what it is about. */
export interface OpenRequest {
  readonly manufacturerId: string;
  readonly envelope: unknown;
  /** The pairs that it was sealed with; none unless said. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** What was sealed, and the envelope that it was sealed in. */
export interface OpenedEnvelope {
  readonly content: Content;
  readonly envelope: Envelope;
}

/**
 * Opens an envelope of unknown origin and returns what was sealed, in the kind it was sealed as.
 * @throws Problem `envelope-malformed`, `tenant-mismatch`, `residency-violation`,
 * `commitment-mismatch`, `ciphertext-tampered`, `algorithm-not-approved`, `key-version-unknown`,
 * `key-version-retired`, `key-revoked`, `key-destroyed`, `erasure-pending`, `kms-denied`,
 * `kms-throttled`, `kms-unavailable`
 */
export const decryptManufacturerData = performanceMonitor(innerOperations.decryption)(decrypt);

async function decrypt(
  dependencies: EncryptionDependencies,
  request: OpenRequest,
): Promise<OpenedEnvelope> {
  const envelope = parseEnvelope(request.envelope);
  const bytes = await openEnvelope(dependencies, request, envelope);
  return { content: { kind: envelope.content ?? "data", bytes }, envelope };
}

/**
 * Opens an envelope that was handed to a caller. A stranger's envelope is refused before any key of
 * its owner is touched, and so is one that is not about what the caller says.
 * @throws Problem as `decryptManufacturerData`
 */
export async function openEnvelope(
  { fips, keyRing }: Pick<EncryptionDependencies, "fips" | "keyRing">,
  { context = {}, manufacturerId }: OpenRequest,
  envelope: Envelope,
): Promise<Buffer> {
  if (envelope.manufacturerId !== manufacturerId) throw new Problem("tenant-mismatch");
  requireContext(envelope, context);
  const { keyId, timestamp: sealedAt } = envelope;
  const key = await keyRing.openingKey(
    { manufacturerId, keyId, purpose: "envelope", sealedAt },
    envelope.ciphertext.length,
  );
  return openRecord({ key, envelope, fips });
}
