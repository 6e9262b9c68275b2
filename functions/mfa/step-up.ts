import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { stepUpRoute } from "../../lib/mfa/api.ts";
import { factorSecrets } from "../../lib/mfa/factor-secrets.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { stepUp } from "../../lib/mfa/step-up.ts";

export const build = (
  dependencies: Parameters<typeof stepUp>[1] & OperationDependencies<typeof stepUpRoute>,
) => operation(stepUpRoute, stepUp, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
]);
const authentication = authenticationDependencies(documents, env, systemClock);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  authenticate: authenticator(authentication),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(stepUpRoute, env),
  ...tokenDependencies(documents, kms, env, systemClock),
  accessItem: authentication.accessItem,
  factors: factorStore(documents, tables, systemClock),
  secrets: factorSecrets({ documents, kms, env, region: readRegion(), now: systemClock }),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  tables,
  commitAs: (actor, statements) => transactAs(documents, env.IDENTITY_TABLE, actor, statements),
});
