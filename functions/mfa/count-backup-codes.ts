import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { countBackupCodesRoute } from "../../lib/mfa/api.ts";
import { countBackupCodes } from "../../lib/mfa/count-backup-codes.ts";

export const build = (
  dependencies: Parameters<typeof countBackupCodes>[1] &
    OperationDependencies<typeof countBackupCodesRoute>,
) => operation(countBackupCodesRoute, countBackupCodes, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);
const authentication = authenticationDependencies(documents, env, systemClock);

export const handler = build({
  authenticate: authenticator(authentication),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(countBackupCodesRoute, env),
  accessItem: authentication.accessItem,
});
