import { accountStore } from "../../lib/accounts/store.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { signInKnownDeviceRoute } from "../../lib/auth/api.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import type { SignInDependencies } from "../../lib/auth/sign-in.ts";
import { signInKnownDevice } from "../../lib/auth/sign-in-known-device.ts";
import { authStore } from "../../lib/auth/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: SignInDependencies & OperationDependencies<typeof signInKnownDeviceRoute>,
) => operation(signInKnownDeviceRoute, signInKnownDevice, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "FIPS",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  ...tokenDependencies(documents, kms, env, systemClock),
  observe: observer(signInKnownDeviceRoute, env),
  auth: authStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }, systemClock),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
