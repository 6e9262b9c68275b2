import type { RecordFailure } from "../audit/record.ts";
import { memberText } from "../http/member-text.ts";
import type { OperationRequest } from "../http/request.ts";
import { JsonText } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import type {
  decryptManufacturerDataRoute,
  encryptManufacturerDataRoute,
  reEncryptManufacturerDataRoute,
} from "./api.ts";
import { auditRefusal } from "./audit-refusal.ts";
import type { Content } from "./content.ts";
import { bytesContent, contentText, dataContent, textContent } from "./content.ts";
import { decryptManufacturerData } from "./decrypt-manufacturer-data.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "./encrypt-manufacturer-data.ts";
import type { Envelope } from "./envelope.ts";
import { decodeBytes, envelopeText } from "./envelope.ts";
import type { OpeningTrail } from "./opening-trail.ts";
import { reEncryptManufacturerData } from "./re-encrypt-manufacturer-data.ts";
import { digestContext } from "./require-context.ts";

export interface MovingDependencies extends EncryptionDependencies {
  readonly recordFailure: RecordFailure;
}

export interface OpeningDependencies extends MovingDependencies {
  readonly trail: OpeningTrail;
}

/** `encryptManufacturerData` for the caller's manufacturer. */
export async function answerEncrypt(
  request: OperationRequest<typeof encryptManufacturerDataRoute>,
  dependencies: EncryptionDependencies,
): Promise<JsonText> {
  const { manufacturerId } = request.caller;
  const { algorithm, context } = request.body;
  const content = contentOf(request);
  return toAnswer(
    await encryptManufacturerData(dependencies, { manufacturerId, content, algorithm, context }),
  );
}

/** The schema has made sure that there is exactly one of the three. */
function contentOf({
  body,
  bodyText,
}: OperationRequest<typeof encryptManufacturerDataRoute>): Content {
  if (body.text !== undefined) return textContent(body.text);
  if (body.bytes === undefined) return dataContent(memberText(bodyText(), "data") ?? "");
  const bytes = decodeBytes(body.bytes);
  if (bytes === undefined) {
    throw invalidRequest([{ pointer: "/body/bytes", code: "invalid-format" }]);
  }
  return bytesContent(bytes);
}

/**
 * `decryptManufacturerData` for the caller's manufacturer. An opening is on record as the manufacturer
 * wants it before it is answered; a suspicious envelope is recorded.
 */
export async function answerDecrypt(
  request: OperationRequest<typeof decryptManufacturerDataRoute>,
  dependencies: OpeningDependencies,
): Promise<JsonText> {
  const { manufacturerId } = request.caller;
  const { context, envelope } = request.body;
  const opening = { manufacturerId, envelope, context };
  return auditRefusal(request, dependencies, async () => {
    const { content, envelope } = await decryptManufacturerData(dependencies, opening);
    await noteOpening(request, dependencies, envelope);
    return new JsonText(contentText(content));
  });
}

async function noteOpening(
  { caller, origin }: OperationRequest<typeof decryptManufacturerDataRoute>,
  { keyRing, trail }: OpeningDependencies,
  { commitment, context, keyId }: Envelope,
): Promise<void> {
  const { manufacturerId, memberId } = caller;
  const contextDigest = digestContext(context).toString("base64url");
  const opening = {
    manufacturerId,
    actorId: memberId,
    origin,
    keyId,
    contextDigest,
    commitment,
  };
  await trail.note(opening, await keyRing.openingPolicy(manufacturerId));
}

/** `reEncryptManufacturerData` for the caller's manufacturer; a suspicious envelope is recorded. */
export async function answerReEncrypt(
  request: OperationRequest<typeof reEncryptManufacturerDataRoute>,
  dependencies: MovingDependencies,
): Promise<JsonText> {
  const { manufacturerId } = request.caller;
  const moving = { ...request.body, manufacturerId };
  return auditRefusal(request, dependencies, async () =>
    toAnswer(await reEncryptManufacturerData(dependencies, moving)),
  );
}

const toAnswer = (envelope: Envelope): JsonText =>
  new JsonText(`{"envelope":${envelopeText(envelope)}}`);
