import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import type { ValidationDependencies } from "../../lib/business-data/answer-validation.ts";
import { answerValidation } from "../../lib/business-data/answer-validation.ts";
import { validateBusinessDataRoute } from "../../lib/business-data/api.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { initialize } from "../../lib/threats/detect-threat.ts";
import { meterOf } from "../../lib/usage/meter-of.ts";

export const build = (
  dependencies: ValidationDependencies & OperationDependencies<typeof validateBusinessDataRoute>,
) => operation(validateBusinessDataRoute, answerValidation, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
]);
initialize();

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(validateBusinessDataRoute, env),
  meter: meterOf(documents, env, systemClock),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  now: systemClock,
});
