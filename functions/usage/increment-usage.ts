import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { incrementUsageRoute } from "../../lib/usage/api.ts";
import { charger } from "../../lib/usage/charge.ts";
import { incrementUsage } from "../../lib/usage/increment-usage.ts";
import { Leases } from "../../lib/usage/leases.ts";
import { usageStore } from "../../lib/usage/store.ts";

export const build = (
  dependencies: Parameters<typeof incrementUsage>[1] &
    OperationDependencies<typeof incrementUsageRoute>,
) => operation(incrementUsageRoute, incrementUsage, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
]);

const usage = usageStore(documents, env.USAGE_TABLE);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(incrementUsageRoute, env),
  charge: charger(usage, new Leases(usage)),
  now: systemClock,
});
