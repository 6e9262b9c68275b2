import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { verifyDeviceRoute } from "../../lib/devices/api.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { verifyDevice } from "../../lib/devices/verify-device.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof verifyDevice>[1] &
    OperationDependencies<typeof verifyDeviceRoute>,
) => operation(verifyDeviceRoute, verifyDevice, dependencies);

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
  observe: observer(verifyDeviceRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  issuer: env.ISSUER,
  tables: { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE },
});
