import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { resetMemberRoute } from "../../lib/accounts/member-api.ts";
import { resetMember } from "../../lib/accounts/reset-member.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof resetMember>[1] & OperationDependencies<typeof resetMemberRoute>,
) => operation(resetMemberRoute, resetMember, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "PLATFORM_KEY_ARN",
  "AUDIT_TABLE",
]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(resetMemberRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
});
