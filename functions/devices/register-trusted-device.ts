import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { registerTrustedDeviceRoute } from "../../lib/devices/api.ts";
import { registerTrustedDevice } from "../../lib/devices/register-trusted-device.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: Parameters<typeof registerTrustedDevice>[1] &
    OperationDependencies<typeof registerTrustedDeviceRoute>,
) => operation(registerTrustedDeviceRoute, registerTrustedDevice, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "PLATFORM_KEY_ARN",
  "AUDIT_TABLE",
]);
const authentication = authenticationDependencies(documents, env, systemClock);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  authenticate: authenticator(authentication),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(registerTrustedDeviceRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  accessItem: authentication.accessItem,
  sessions: sessionStore(documents, tables, systemClock),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  issuer: env.ISSUER,
  tables,
  screenBody: bodyScreenOf(documents, env, systemClock),
});
