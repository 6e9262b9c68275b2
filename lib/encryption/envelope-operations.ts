import type { RecordFailure } from "../audit/record.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type {
  decryptManufacturerDataRoute,
  encryptManufacturerDataRoute,
  reEncryptManufacturerDataRoute,
} from "./api.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { decryptManufacturerData } from "./decrypt-manufacturer-data.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "./encrypt-manufacturer-data.ts";
import { reEncryptManufacturerData } from "./re-encrypt-manufacturer-data.ts";

export interface OpeningDependencies extends EncryptionDependencies {
  readonly recordFailure: RecordFailure;
}

/** `encryptManufacturerData` for the caller's manufacturer. */
export async function answerEncrypt(
  { body, caller }: OperationRequest<typeof encryptManufacturerDataRoute>,
  dependencies: EncryptionDependencies,
): Promise<OperationBody<typeof encryptManufacturerDataRoute>> {
  const { manufacturerId } = caller;
  return { envelope: await encryptManufacturerData(dependencies, { ...body, manufacturerId }) };
}

/** `decryptManufacturerData` for the caller's manufacturer; a suspicious envelope is recorded. */
export async function answerDecrypt(
  request: OperationRequest<typeof decryptManufacturerDataRoute>,
  dependencies: OpeningDependencies,
): Promise<OperationBody<typeof decryptManufacturerDataRoute>> {
  const { manufacturerId } = request.caller;
  const { envelope } = request.body;
  return auditRefusal(request, dependencies, async () => ({
    data: await decryptManufacturerData(dependencies, { manufacturerId, envelope }),
  }));
}

/** `reEncryptManufacturerData` for the caller's manufacturer; a suspicious envelope is recorded. */
export async function answerReEncrypt(
  request: OperationRequest<typeof reEncryptManufacturerDataRoute>,
  dependencies: OpeningDependencies,
): Promise<OperationBody<typeof reEncryptManufacturerDataRoute>> {
  const { manufacturerId } = request.caller;
  return auditRefusal(request, dependencies, async () => ({
    envelope: await reEncryptManufacturerData(dependencies, { ...request.body, manufacturerId }),
  }));
}
