import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents, dynamodb } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { validateEncryptionComplianceRoute } from "../../lib/encryption/compliance-api.ts";
import { complianceDependencies } from "../../lib/encryption/compliance-dependencies.ts";
import { answerCompliance } from "../../lib/encryption/compliance-operation.ts";
import type { ComplianceDependencies } from "../../lib/encryption/validate-encryption-compliance.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: ComplianceDependencies &
    OperationDependencies<typeof validateEncryptionComplianceRoute>,
) => operation(validateEncryptionComplianceRoute, answerCompliance, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
  "TABLES_KEY_ARN",
]);
const place = { documents, dynamodb, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...complianceDependencies(place),
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(validateEncryptionComplianceRoute, env),
});
