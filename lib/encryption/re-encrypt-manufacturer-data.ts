import type { Algorithm } from "./algorithms.ts";
import type { OpenRequest } from "./decrypt-manufacturer-data.ts";
import { openEnvelope } from "./decrypt-manufacturer-data.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import { parseEnvelope } from "./envelope.ts";
import { sealRecord } from "./seal-record.ts";

/**
 * Moves one envelope to the newest key. The data never leaves this process, its kind and the context
 * stay, and so does the algorithm unless another one is asked for.
 * @throws Problem as `decryptManufacturerData` and `encryptManufacturerData`
 */
export async function reEncryptManufacturerData(
  dependencies: EncryptionDependencies,
  request: OpenRequest & { readonly algorithm?: Algorithm | undefined },
): Promise<Envelope> {
  const envelope = parseEnvelope(request.envelope);
  const plaintext = await openEnvelope(dependencies, request, envelope);
  const key = await dependencies.keyRing.sealingKey(
    request.manufacturerId,
    "envelope",
    plaintext.byteLength,
  );
  const resealed = sealRecord({
    key,
    plaintext,
    algorithm: request.algorithm ?? envelope.algorithm,
    content: envelope.content,
    context: envelope.context,
    now: dependencies.now(),
    random: dependencies.random,
    fips: dependencies.fips,
  });
  plaintext.fill(0);
  return resealed;
}
