import { readFileSync } from "node:fs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import type { EncryptionPlace } from "./encryption-dependencies.ts";
import { encryptionDependencies } from "./encryption-dependencies.ts";
import { collectFipsEvidence } from "./fips-evidence.ts";
import { checkKmsKey } from "./kms-key-evidence.ts";
import { listSealedFields } from "./sealed-fields-store.ts";
import { keyStore } from "./store.ts";
import { checkKeysTable, checkTable } from "./table-evidence.ts";
import type { ComplianceDependencies } from "./validate-encryption-compliance.ts";

/** Where Amazon Linux 2023 and a Lambda layer put OpenSSL's FIPS module. */
const modulePaths = ["/opt/lib64/ossl-modules/fips.so", "/usr/lib64/ossl-modules/fips.so"];

/**
 * How long what is seen of the platform's key and table is shown again: it is the same for all
 * manufacturers, and AWS answers such questions only a few times a second for the whole account.
 */
const evidenceLifetimeMs = 60_000;

/** Everything that gathering evidence takes, from a function's environment. */
export function complianceDependencies(
  place: EncryptionPlace & {
    env: {
      FIPS: string;
      IDENTITY_TABLE: string;
      USAGE_TABLE: string;
      AUDIT_TABLE: string;
      TABLES_KEY_ARN: string;
    };
    dynamodb: DynamoDBClient;
  },
): ComplianceDependencies {
  const { documents, dynamodb, env, kms, now, region } = place;
  const { listVersions, readManufacturerKeys } = keyStore(documents, env.KEYS_TABLE);
  const { fips, keyRing } = encryptionDependencies(place);
  const tableOf = (table: string) => ({
    dynamodb,
    table,
    tablesKeyArn: env.TABLES_KEY_ARN,
    now,
  });
  const look = onceAMinute(now);
  const lookAtTable = (id: string, table: string) =>
    look(id, async () => [await checkTable(id, tableOf(table))]);
  const list = listSealedFields(documents, env.IDENTITY_TABLE);
  return {
    now,
    region,
    kmsKeyArn: env.MANUFACTURER_KEY_ARN,
    fips,
    keyRing,
    readManufacturerKeys,
    listVersions,
    sampleFields: (manufacturerId) => list(manufacturerId, undefined),
    collectFipsEvidence: () => collectFipsEvidence({ readModule }),
    checkKmsKey: () =>
      look("key", () => checkKmsKey({ kms, kmsKeyArn: env.MANUFACTURER_KEY_ARN, region, now })),
    checkTables: async () => {
      const checks = [
        look("table/keys", () => checkKeysTable(tableOf(env.KEYS_TABLE))),
        lookAtTable("table/identity", env.IDENTITY_TABLE),
        lookAtTable("table/usage", env.USAGE_TABLE),
        lookAtTable("table/audit", env.AUDIT_TABLE),
      ];
      return (await Promise.all(checks)).flat();
    },
  };
}

/** Shows a look-up's checks again; one of which a check is unknown is made anew by the next request. */
function onceAMinute(now: Clock) {
  const seen = new ExpiringCache<readonly ComplianceCheck[]>({
    lifetimeMs: evidenceLifetimeMs,
    entriesMax: 8,
    now,
  });
  return (name: string, look: () => Promise<readonly ComplianceCheck[]>) =>
    seen.get(name, async () => {
      const checks = await look();
      if (checks.some(({ result }) => result === "unknown")) seen.delete(name);
      return checks;
    });
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
