import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { reEncryptManufacturerDataRoute } from "../../lib/encryption/api.ts";
import { encryptionDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import type { MovingDependencies } from "../../lib/encryption/envelope-operations.ts";
import { answerReEncrypt } from "../../lib/encryption/envelope-operations.ts";
import { budgetRefusals } from "../../lib/encryption/refusal-budget.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { meterOf } from "../../lib/usage/meter-of.ts";

export const build = (
  dependencies: MovingDependencies & OperationDependencies<typeof reEncryptManufacturerDataRoute>,
) => operation(reEncryptManufacturerDataRoute, answerReEncrypt, dependencies);

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
  recordFailure: budgetRefusals(failureRecorder(documents, env.AUDIT_TABLE)),
  observe: observer(reEncryptManufacturerDataRoute, env),
  meter: meterOf(documents, env, systemClock),
});
