import { verifyEmailRoute } from "../../lib/accounts/api.ts";
import type { AccountStore } from "../../lib/accounts/store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { verifyEmail } from "../../lib/accounts/verify-email.ts";
import { documents } from "../../lib/aws/documents.ts";
import type { Clock } from "../../lib/clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { accounts: AccountStore; now: Clock } & OperationDependencies<
    typeof verifyEmailRoute
  >,
) => operation(verifyEmailRoute, verifyEmail, dependencies);

const env = readEnv(["STAGE", "VERSION", "IDENTITY_TABLE", "USAGE_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  observe: observer(verifyEmailRoute, env),
  accounts: accountStore(documents, {
    identity: env.IDENTITY_TABLE,
    usage: env.USAGE_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  now: systemClock,
});
