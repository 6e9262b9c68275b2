import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { resetPasswordRoute } from "../../lib/auth/password-api.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import type { ResetPasswordDependencies } from "../../lib/auth/reset-password.ts";
import { resetPassword } from "../../lib/auth/reset-password.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: ResetPasswordDependencies & OperationDependencies<typeof resetPasswordRoute>,
) => operation(resetPasswordRoute, resetPassword, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "FIPS",
]);

export const handler = build({
  observe: observer(resetPasswordRoute, env),
  sourceBudget: sourceBudget("passwords", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  ...secretDependencies(documents, kms, env, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  sessions: sessionStore(
    documents,
    { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE },
    systemClock,
  ),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
