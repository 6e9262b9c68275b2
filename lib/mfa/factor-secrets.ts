import type { KMSClient } from "@aws-sdk/client-kms";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../aws/item-keys.ts";
import type { Clock } from "../clock.ts";
import { createManufacturerKeys } from "../encryption/create-manufacturer-keys.ts";
import type { Envelope } from "../encryption/envelope.ts";
import { createKeyHierarchy } from "../encryption/key-hierarchy.ts";
import { KeyRing } from "../encryption/key-ring.ts";
import { createRandomPool } from "../encryption/random-pool.ts";
import { openField, sealField } from "../encryption/seal-field.ts";
import { keyStore } from "../encryption/store.ts";
import { Problem } from "../problem.ts";
import type { TotpFactor } from "./factor.ts";

type FactorPlace = Pick<TotpFactor, "manufacturerId" | "memberId" | "factorId">;

/**
 * Seals and opens the secrets of authenticator apps.
 *
 * Both throw Problem `unavailable` while the key service is away, and `erasure-pending`.
 */
export interface FactorSecrets {
  seal(place: FactorPlace, secret: Uint8Array): Promise<Envelope>;
  open(factor: FactorPlace & Pick<TotpFactor, "secret">): Promise<Uint8Array>;
}

/**
 * Secrets are sealed under the manufacturer's own key, bound to manufacturer, member and factor: a
 * value moved to another item does not open. The manufacturer's keys are made at first use.
 */
export function factorSecrets(
  documents: DynamoDBDocumentClient,
  kms: KMSClient,
  env: { KEYS_TABLE: string; MANUFACTURER_KEY_ARN: string },
  now: Clock,
): FactorSecrets {
  const store = keyStore(documents, env.KEYS_TABLE);
  const hierarchy = createKeyHierarchy({
    kms,
    kmsKeyArn: env.MANUFACTURER_KEY_ARN,
    application: "manufacturer-security",
    // The fourth part of an ARN: keys never leave the region that the deployment names.
    region: env.MANUFACTURER_KEY_ARN.split(":")[3] ?? "",
  });
  const keyRing = new KeyRing({
    hierarchy,
    readManufacturerKeys: store.readManufacturerKeys,
    readVersion: store.readVersion,
    createManufacturerKeys: (manufacturerId) =>
      createManufacturerKeys({ store, hierarchy, now }, manufacturerId),
    now,
  });
  const dependencies = { keyRing, random: createRandomPool(), now, fips: "require" } as const;
  return {
    seal: (place, secret) =>
      sealField(dependencies, placeOf(place), secret).catch(throwSignInProblem),
    open: (factor) =>
      openField(dependencies, placeOf(factor), factor.secret).catch(throwSignInProblem),
  };
}

/**
 * Whoever signs in needs to know whether to try again, not what the key hierarchy lacks: that is in
 * the log.
 */
function throwSignInProblem(error: unknown): never {
  if (!(error instanceof Problem) || error.code === "erasure-pending") throw error;
  throw error.status >= 500
    ? new Problem("unavailable", { cause: error, headers: { "retry-after": "1" } })
    : new Problem("internal", { cause: error });
}

const placeOf = ({ manufacturerId, memberId, factorId }: FactorPlace) => ({
  manufacturerId,
  ...identityKeys.factor(memberId, factorId),
  attribute: "secret",
});
