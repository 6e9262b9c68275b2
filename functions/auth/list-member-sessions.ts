import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import type { ListMemberSessionsDependencies } from "../../lib/auth/list-member-sessions.ts";
import { listMemberSessions } from "../../lib/auth/list-member-sessions.ts";
import { listMemberSessionsRoute } from "../../lib/auth/member-session-api.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: ListMemberSessionsDependencies &
    OperationDependencies<typeof listMemberSessionsRoute>,
) => operation(listMemberSessionsRoute, listMemberSessions, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(listMemberSessionsRoute, env),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  sessions: sessionStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
});
