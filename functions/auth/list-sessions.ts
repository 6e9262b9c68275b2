import { accessItems } from "../../lib/access/access-item.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { listSessionsRoute } from "../../lib/auth/api.ts";
import type { ListSessionsDependencies } from "../../lib/auth/list-sessions.ts";
import { listSessions } from "../../lib/auth/list-sessions.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: ListSessionsDependencies & OperationDependencies<typeof listSessionsRoute>,
) => operation(listSessionsRoute, listSessions, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(listSessionsRoute, env),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  sessions: sessionStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  accessItem: accessItems(documents, env.IDENTITY_TABLE, systemClock),
});
