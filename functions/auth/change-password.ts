import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import type { ChangePasswordDependencies } from "../../lib/auth/change-password.ts";
import { changePassword } from "../../lib/auth/change-password.ts";
import { changePasswordRoute } from "../../lib/auth/password-api.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { authStore } from "../../lib/auth/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: ChangePasswordDependencies & OperationDependencies<typeof changePasswordRoute>,
) => operation(changePasswordRoute, changePassword, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "PLATFORM_KEY_ARN",
  "AUDIT_TABLE",
  "FIPS",
]);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(changePasswordRoute, env),
  ...tokenDependencies(documents, kms, env, systemClock),
  auth: authStore(documents, tables, systemClock),
  sessions: sessionStore(documents, tables, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
