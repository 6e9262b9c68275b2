import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { removeMemberRoute } from "../../lib/accounts/member-api.ts";
import { memberStore } from "../../lib/accounts/member-store.ts";
import { removeMember } from "../../lib/accounts/remove-member.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof removeMember>[1] &
    OperationDependencies<typeof removeMemberRoute>,
) => operation(removeMemberRoute, removeMember, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(removeMemberRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  members: memberStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  now: systemClock,
});
