import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { readManufacturerRoute } from "../../lib/accounts/api.ts";
import { readManufacturer } from "../../lib/accounts/read-manufacturer.ts";
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
  dependencies: Parameters<typeof readManufacturer>[1] &
    OperationDependencies<typeof readManufacturerRoute>,
) => operation(readManufacturerRoute, readManufacturer, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "MANUFACTURER_KEY_ARN",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  encryption: encryptionDependencies(place),
  observe: observer(readManufacturerRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
});
