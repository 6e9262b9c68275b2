import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { decryptManufacturerDataRoute } from "../../lib/encryption/api.ts";
import { encryptionDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import type { OpeningDependencies } from "../../lib/encryption/envelope-operations.ts";
import { answerDecrypt } from "../../lib/encryption/envelope-operations.ts";
import { openingRecords } from "../../lib/encryption/opening-records.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { meterOf } from "../../lib/usage/meter-of.ts";

export const build = (
  dependencies: OpeningDependencies & OperationDependencies<typeof decryptManufacturerDataRoute>,
) => operation(decryptManufacturerDataRoute, answerDecrypt, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
  "USAGE_TABLE",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...encryptionDependencies(place),
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  ...openingRecords(place),
  observe: observer(decryptManufacturerDataRoute, env),
  meter: meterOf(documents, env, systemClock),
});
