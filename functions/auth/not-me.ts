import { accountStore } from "../../lib/accounts/store.ts";
import type { NotMeDependencies } from "../../lib/auth/not-me.ts";
import { notMe } from "../../lib/auth/not-me.ts";
import { notMeRoute } from "../../lib/auth/password-api.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { transact } from "../../lib/aws/transact.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";

export const build = (dependencies: NotMeDependencies & OperationDependencies<typeof notMeRoute>) =>
  operation(notMeRoute, notMe, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);
const tables = { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE };

export const handler = build({
  ...secretDependencies(documents, kms, env, systemClock),
  observe: observer(notMeRoute, env),
  accounts: accountStore(documents, tables),
  factors: factorStore(documents, tables, systemClock),
  tables,
  commit: (statements) => transact(documents, statements),
});
