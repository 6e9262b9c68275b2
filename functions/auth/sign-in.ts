import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { signInRoute } from "../../lib/auth/api.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import type { SignInDependencies } from "../../lib/auth/sign-in.ts";
import { signIn } from "../../lib/auth/sign-in.ts";
import { authStore } from "../../lib/auth/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: SignInDependencies & OperationDependencies<typeof signInRoute>,
) => operation(signInRoute, signIn, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "ISSUER",
  "FIPS",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  ...tokenDependencies(documents, kms, env, systemClock),
  observe: observer(signInRoute, env),
  sourceBudget: sourceBudget("passwords", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  auth: authStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }, systemClock),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
