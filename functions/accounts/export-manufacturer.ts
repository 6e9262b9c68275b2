import { actorRecorder } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { exportManufacturerRoute } from "../../lib/accounts/api.ts";
import { exportManufacturer } from "../../lib/accounts/export-manufacturer.ts";
import { memberStore } from "../../lib/accounts/member-store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { encryptionDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof exportManufacturer>[1] &
    OperationDependencies<typeof exportManufacturerRoute>,
) => operation(exportManufacturerRoute, exportManufacturer, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "MANUFACTURER_KEY_ARN",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "USAGE_TABLE",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  encryption: encryptionDependencies(place),
  observe: observer(exportManufacturerRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, usage: env.USAGE_TABLE }),
  members: memberStore(documents, { identity: env.IDENTITY_TABLE }),
  recordAs: actorRecorder(documents, {
    identity: env.IDENTITY_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  now: systemClock,
});
