import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
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
import { generateBackupCodesRoute } from "../../lib/mfa/api.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { generateBackupCodes } from "../../lib/mfa/generate-backup-codes.ts";

export const build = (
  dependencies: Parameters<typeof generateBackupCodes>[1] &
    OperationDependencies<typeof generateBackupCodesRoute>,
) => operation(generateBackupCodesRoute, generateBackupCodes, dependencies);

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
  observe: observer(generateBackupCodesRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  accessItem: authentication.accessItem,
  sessions: sessionStore(documents, tables, systemClock),
  factors: factorStore(documents, tables, systemClock),
  tables,
  commitAs: (actor, statements) => transactAs(documents, env.IDENTITY_TABLE, actor, statements),
});
