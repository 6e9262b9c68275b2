import type { RecordFailure } from "../audit/record.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { JsonText } from "../http/request.ts";
import type {
  decryptManufacturerDataRoute,
  encryptManufacturerDataRoute,
  reEncryptManufacturerDataRoute,
} from "./api.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { decryptManufacturerData } from "./decrypt-manufacturer-data.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import { envelopeText } from "./envelope.ts";
import { reEncryptManufacturerData } from "./re-encrypt-manufacturer-data.ts";

export interface OpeningDependencies extends EncryptionDependencies {
  readonly recordFailure: RecordFailure;
}

/** `encryptManufacturerData` for the caller's manufacturer. */
export async function answerEncrypt(
  { body, caller }: OperationRequest<typeof encryptManufacturerDataRoute>,
  dependencies: EncryptionDependencies,
): Promise<JsonText> {
  const { manufacturerId } = caller;
  return toAnswer(await encryptManufacturerData(dependencies, { ...body, manufacturerId }));
}

/** `decryptManufacturerData` for the caller's manufacturer; a suspicious envelope is recorded. */
export async function answerDecrypt(
  request: OperationRequest<typeof decryptManufacturerDataRoute>,
  dependencies: OpeningDependencies,
): Promise<OperationBody<typeof decryptManufacturerDataRoute>> {
  const { manufacturerId } = request.caller;
  const { context, envelope } = request.body;
  return auditRefusal(request, dependencies, async () => ({
    data: await decryptManufacturerData(dependencies, { manufacturerId, envelope, context }),
  }));
}

/** `reEncryptManufacturerData` for the caller's manufacturer; a suspicious envelope is recorded. */
export async function answerReEncrypt(
  request: OperationRequest<typeof reEncryptManufacturerDataRoute>,
  dependencies: OpeningDependencies,
): Promise<JsonText> {
  const { manufacturerId } = request.caller;
  const moving = { ...request.body, manufacturerId };
  return auditRefusal(request, dependencies, async () =>
    toAnswer(await reEncryptManufacturerData(dependencies, moving)),
  );
}

const toAnswer = (envelope: Envelope): JsonText =>
  new JsonText(`{"envelope":${envelopeText(envelope)}}`);
