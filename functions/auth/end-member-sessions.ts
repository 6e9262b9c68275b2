import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import type { EndMemberSessionsDependencies } from "../../lib/auth/end-member-sessions.ts";
import { endMemberSessions } from "../../lib/auth/end-member-sessions.ts";
import { endMemberSessionsRoute } from "../../lib/auth/member-session-api.ts";
import { allSessionsEnder } from "../../lib/auth/member-session-store.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: EndMemberSessionsDependencies &
    OperationDependencies<typeof endMemberSessionsRoute>,
) => operation(endMemberSessionsRoute, endMemberSessions, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(endMemberSessionsRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
  sessions: sessionStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  endAllSessions: allSessionsEnder(documents, {
    identity: env.IDENTITY_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  now: systemClock,
});
