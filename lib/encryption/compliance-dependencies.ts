import { readFileSync } from "node:fs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { fipsPolicyOf } from "./algorithms.ts";
import type { EncryptionPlace } from "./encryption-dependencies.ts";
import { collectFipsEvidence } from "./fips-evidence.ts";
import { checkKeysTable } from "./keys-table-evidence.ts";
import { checkKmsKey } from "./kms-key-evidence.ts";
import { listSealedFields } from "./sealed-fields-store.ts";
import { keyStore } from "./store.ts";
import type { ComplianceDependencies } from "./validate-encryption-compliance.ts";

/** Where Amazon Linux 2023 and a Lambda layer put OpenSSL's FIPS module. */
const modulePaths = ["/opt/lib64/ossl-modules/fips.so", "/usr/lib64/ossl-modules/fips.so"];

/** Everything that gathering evidence takes, from a function's environment. */
export function complianceDependencies(
  place: EncryptionPlace & {
    env: { FIPS: string; IDENTITY_TABLE: string };
    dynamodb: DynamoDBClient;
  },
): ComplianceDependencies {
  const { documents, dynamodb, env, kms, now, region } = place;
  const { listVersions, readManufacturerKeys } = keyStore(documents, env.KEYS_TABLE);
  const list = listSealedFields(documents, env.IDENTITY_TABLE);
  return {
    now,
    region,
    fips: fipsPolicyOf(env.FIPS),
    readManufacturerKeys,
    listVersions,
    sampleEnvelopes: async (manufacturerId) =>
      (await list(manufacturerId, undefined)).fields.map(({ envelope }) => envelope),
    collectFipsEvidence: () => collectFipsEvidence({ readModule }),
    checkKmsKey: () => checkKmsKey({ kms, kmsKeyArn: env.MANUFACTURER_KEY_ARN, region, now }),
    checkKeysTable: () => checkKeysTable({ dynamodb, table: env.KEYS_TABLE, now }),
  };
}

function readModule(): Uint8Array | undefined {
  for (const path of modulePaths) {
    try {
      return readFileSync(path);
    } catch {
      // Not there: the next place, and none at the end, is an answer too.
    }
  }
  return undefined;
}
