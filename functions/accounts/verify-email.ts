import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { verifyEmailRoute } from "../../lib/accounts/api.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { ticketAttempts } from "../../lib/accounts/ticket-store.ts";
import type { VerifyEmailDependencies } from "../../lib/accounts/verify-email.ts";
import { verifyEmail } from "../../lib/accounts/verify-email.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { firstSealDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: VerifyEmailDependencies & OperationDependencies<typeof verifyEmailRoute>,
) => operation(verifyEmailRoute, verifyEmail, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "FIPS",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...secretDependencies(documents, kms, env, systemClock),
  observe: observer(verifyEmailRoute, env),
  sourceBudget: sourceBudget("passwords", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  accounts: accountStore(documents, {
    identity: env.IDENTITY_TABLE,
    usage: env.USAGE_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  attempts: ticketAttempts(documents, env.IDENTITY_TABLE, systemClock),
  encryption: firstSealDependencies(place),
  passwordScheme: passwordSchemeOf(env.FIPS),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
});
