import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { encryptManufacturerDataRoute } from "../../lib/encryption/api.ts";
import type { EncryptionDependencies } from "../../lib/encryption/encrypt-manufacturer-data.ts";
import { encryptionDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import { answerEncrypt } from "../../lib/encryption/envelope-operations.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { meterOf } from "../../lib/usage/meter-of.ts";

export const build = (
  dependencies: EncryptionDependencies & OperationDependencies<typeof encryptManufacturerDataRoute>,
) => operation(encryptManufacturerDataRoute, answerEncrypt, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "MANUFACTURER_KEY_ARN",
  "USAGE_TABLE",
  "AUDIT_TABLE",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...encryptionDependencies(place),
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(encryptManufacturerDataRoute, env),
  meter: meterOf(documents, env, systemClock),
});
