import { signUpBudget, sourceBudget } from "../../lib/abuse/source-budget.ts";
import { createManufacturerRoute } from "../../lib/accounts/api.ts";
import type { CreateManufacturerDependencies } from "../../lib/accounts/create-manufacturer.ts";
import { createManufacturer } from "../../lib/accounts/create-manufacturer.ts";
import { requestSignUpMail } from "../../lib/accounts/sign-up-store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: CreateManufacturerDependencies &
    OperationDependencies<typeof createManufacturerRoute>,
) => operation(createManufacturerRoute, createManufacturer, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "FIPS",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  ...secretDependencies(documents, kms, env, systemClock),
  observe: observer(createManufacturerRoute, env),
  sourceBudget: sourceBudget("passwords", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  findLogin: accountStore(documents, tables).findLogin,
  requestSignUpMail: requestSignUpMail(documents, tables),
  signUpBudget: signUpBudget(Number(env.SOURCE_BUDGET_FACTOR)),
  passwordScheme: passwordSchemeOf(env.FIPS),
  screenBody: bodyScreenOf(documents, env, systemClock),
});
