import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { renameDeviceRoute } from "../../lib/devices/api.ts";
import { renameDevice } from "../../lib/devices/rename-device.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: Parameters<typeof renameDevice>[1] &
    OperationDependencies<typeof renameDeviceRoute>,
) => operation(renameDeviceRoute, renameDevice, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(renameDeviceRoute, env),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  tables: { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE },
  now: systemClock,
  screenBody: bodyScreenOf(documents, env, systemClock),
});
