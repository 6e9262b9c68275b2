import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import { signInWithDevice } from "../../lib/auth/sign-in-with-device.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { transact } from "../../lib/aws/transact.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { deviceStore } from "../../lib/devices/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { signInWithDeviceRoute } from "../../lib/mfa/sign-in-api.ts";

export const build = (
  dependencies: Parameters<typeof signInWithDevice>[1] &
    OperationDependencies<typeof signInWithDeviceRoute>,
) => operation(signInWithDeviceRoute, signInWithDevice, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "ISSUER",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  ...tokenDependencies(documents, kms, env, systemClock),
  observe: observer(signInWithDeviceRoute, env),
  sourceBudget: sourceBudget("codes", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  devices: deviceStore(documents, env.IDENTITY_TABLE, systemClock),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  tables: { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE },
  commit: (statements) => transact(documents, statements),
});
