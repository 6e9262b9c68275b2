import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import { failureRecorder } from "../../lib/audit/record.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import { verifyMfaToken } from "../../lib/auth/verify-mfa-token.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { transact } from "../../lib/aws/transact.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { factorSecrets } from "../../lib/mfa/factor-secrets.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { verifyMfaTokenRoute } from "../../lib/mfa/sign-in-api.ts";

export const build = (
  dependencies: Parameters<typeof verifyMfaToken>[1] &
    OperationDependencies<typeof verifyMfaTokenRoute>,
) => operation(verifyMfaTokenRoute, verifyMfaToken, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "ISSUER",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
]);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  ...tokenDependencies(documents, kms, env, systemClock),
  observe: observer(verifyMfaTokenRoute, env),
  sourceBudget: sourceBudget("codes", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  factors: factorStore(documents, tables, systemClock),
  secrets: factorSecrets({ documents, kms, env, region: readRegion(), now: systemClock }),
  recordFailure: failureRecorder(documents, env.AUDIT_TABLE),
  tables,
  commit: (statements) => transact(documents, statements),
});
