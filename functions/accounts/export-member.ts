import { actorRecorder } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import type { ExportMemberDependencies } from "../../lib/accounts/export-member.ts";
import { exportMember } from "../../lib/accounts/export-member.ts";
import { exportMemberRoute } from "../../lib/accounts/member-api.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";

export const build = (
  dependencies: ExportMemberDependencies & OperationDependencies<typeof exportMemberRoute>,
) => operation(exportMemberRoute, exportMember, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(exportMemberRoute, env),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  sessions: sessionStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  factors: factorStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  recordAs: actorRecorder(documents, {
    identity: env.IDENTITY_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  now: systemClock,
});
