import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { authStore } from "../../lib/auth/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { setupMfaRoute } from "../../lib/mfa/api.ts";
import { factorSecrets } from "../../lib/mfa/factor-secrets.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { setupMfa } from "../../lib/mfa/setup-mfa.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: Parameters<typeof setupMfa>[1] & OperationDependencies<typeof setupMfaRoute>,
) => operation(setupMfaRoute, setupMfa, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "MANUFACTURER_KEY_ARN",
  "AUDIT_TABLE",
  "PLATFORM_KEY_ARN",
  "FIPS",
]);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };
const authentication = authenticationDependencies(documents, env, systemClock);

export const handler = build({
  authenticate: authenticator(authentication),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(setupMfaRoute, env),
  accessItem: authentication.accessItem,
  factors: factorStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  secrets: factorSecrets({ documents, kms, env, region: readRegion(), now: systemClock }),
  ...secretDependencies(documents, kms, env, systemClock),
  auth: authStore(documents, tables, systemClock),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  passwordScheme: passwordSchemeOf(env.FIPS),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  screenBody: bodyScreenOf(documents, env, systemClock),
});
