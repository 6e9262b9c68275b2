import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { forgotPassword } from "../../lib/auth/forgot-password.ts";
import { forgotPasswordRoute } from "../../lib/auth/password-api.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof forgotPassword>[1] &
    OperationDependencies<typeof forgotPasswordRoute>,
) => operation(forgotPasswordRoute, forgotPassword, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  observe: observer(forgotPasswordRoute, env),
  sourceBudget: sourceBudget("mails", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  ...secretDependencies(documents, kms, env, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
});
