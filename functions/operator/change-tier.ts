import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { changeTier } from "../../lib/usage/change-tier.ts";
import { changeTierRoute } from "../../lib/usage/operator-api.ts";
import { planStore } from "../../lib/usage/plan-store.ts";

export const build = (
  dependencies: Parameters<typeof changeTier>[1] & OperationDependencies<typeof changeTierRoute>,
) => operation(changeTierRoute, changeTier, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "USAGE_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(changeTierRoute, env),
  plans: planStore(documents, {
    identity: env.IDENTITY_TABLE,
    usage: env.USAGE_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  now: systemClock,
});
