import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { unlockMemberRoute } from "../../lib/operator/api.ts";
import { operatorStore } from "../../lib/operator/store.ts";
import { unlockMember } from "../../lib/operator/unlock-member.ts";

export const build = (
  dependencies: Parameters<typeof unlockMember>[1] &
    OperationDependencies<typeof unlockMemberRoute>,
) => operation(unlockMemberRoute, unlockMember, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(unlockMemberRoute, env),
  operators: operatorStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  factors: factorStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  identityTable: env.IDENTITY_TABLE,
  now: systemClock,
});
