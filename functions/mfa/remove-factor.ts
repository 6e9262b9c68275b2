import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { removeFactorRoute } from "../../lib/mfa/api.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { removeFactor } from "../../lib/mfa/remove-factor.ts";

export const build = (
  dependencies: Parameters<typeof removeFactor>[1] &
    OperationDependencies<typeof removeFactorRoute>,
) => operation(removeFactorRoute, removeFactor, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "PLATFORM_KEY_ARN",
]);
const authentication = authenticationDependencies(documents, env, systemClock);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  authenticate: authenticator(authentication),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(removeFactorRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  accessItem: authentication.accessItem,
  factors: factorStore(documents, tables, systemClock),
  sessions: sessionStore(documents, tables, systemClock),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  tables,
  commitAs: (actor, statements) => transactAs(documents, env.IDENTITY_TABLE, actor, statements),
});
