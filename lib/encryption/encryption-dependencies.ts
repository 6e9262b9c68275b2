import type { KMSClient } from "@aws-sdk/client-kms";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../clock.ts";
import type { ReEncryptDependencies } from "./advance-re-encrypt-job.ts";
import { fipsPolicyOf } from "./algorithms.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import { createManufacturerKeys } from "./create-manufacturer-keys.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import { erasedManufacturersStore } from "./erased-manufacturers-store.ts";
import { createKeyHierarchy } from "./key-hierarchy.ts";
import type { KeyRingOptions } from "./key-ring.ts";
import { KeyRing } from "./key-ring.ts";
import { createRandomPool } from "./random-pool.ts";
import { reEncryptJobStore } from "./re-encrypt-job-store.ts";
import { sealedFieldsStore } from "./sealed-fields-store.ts";
import { keyStore } from "./store.ts";

/** The name of this product in KMS encryption contexts; changing it makes every wrapped key useless. */
const application = "manufacturer-security";

/** Where a function runs and what it may use. */
export interface EncryptionPlace {
  documents: DynamoDBDocumentClient;
  kms: KMSClient;
  env: { KEYS_TABLE: string; MANUFACTURER_KEY_ARN: string };
  region: string;
  now: Clock;
}

/** Everything that managing a manufacturer's keys takes, from a function's environment. */
export const keyManagement = (place: EncryptionPlace): KeyManagementDependencies => ({
  store: keyStore(place.documents, place.env.KEYS_TABLE),
  hierarchy: createKeyHierarchy({
    kms: place.kms,
    kmsKeyArn: place.env.MANUFACTURER_KEY_ARN,
    application,
    region: place.region,
  }),
  now: place.now,
});

/** Everything that sealing and opening takes, with keys in memory. */
export function encryptionDependencies(
  place: EncryptionPlace & { env: { FIPS: string; IDENTITY_TABLE: string } },
  ring: Pick<KeyRingOptions, "openableStates" | "createManufacturerKeys"> = {},
): EncryptionDependencies {
  const { store, hierarchy, now } = keyManagement(place);
  const { readManufacturerKeys, readVersion } = store;
  const { isErased } = erasedManufacturersStore(place.documents, place.env.IDENTITY_TABLE);
  return {
    keyRing: new KeyRing({ hierarchy, readManufacturerKeys, readVersion, isErased, now, ...ring }),
    random: createRandomPool(),
    now,
    fips: fipsPolicyOf(place.env.FIPS),
  };
}

/** The same for those who seal a new manufacturer's first field: its keys are made on the way. */
export function firstSealDependencies(
  place: EncryptionPlace & { env: { FIPS: string; IDENTITY_TABLE: string } },
): EncryptionDependencies {
  const management = keyManagement(place);
  return encryptionDependencies(place, {
    createManufacturerKeys: (manufacturerId) => createManufacturerKeys(management, manufacturerId),
  });
}

/** Everything that the re-encrypt job takes: it alone opens withdrawn versions, to move off them. */
export function reEncryptDependencies(
  place: EncryptionPlace & { env: { FIPS: string; IDENTITY_TABLE: string } },
): ReEncryptDependencies {
  const { documents, env } = place;
  const { readManufacturerKeys, readVersion } = keyStore(documents, env.KEYS_TABLE);
  return {
    ...encryptionDependencies(place, {
      openableStates: ["enabled", "retiring", "blocked", "revoked"],
    }),
    jobs: reEncryptJobStore(documents, env.KEYS_TABLE),
    fields: sealedFieldsStore(documents, env.IDENTITY_TABLE),
    readManufacturerKeys,
    readVersion,
  };
}
