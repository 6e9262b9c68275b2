import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { innerOperations } from "../../lib/performance/budgets.ts";
import { performanceMonitor } from "../../lib/performance/monitor.ts";
import { detectThreatRoute } from "../../lib/threats/api.ts";
import { detectThreat, initialize } from "../../lib/threats/detect-threat.ts";
import { charger } from "../../lib/usage/charge.ts";
import { usageMeter } from "../../lib/usage/meter.ts";
import { usageStore } from "../../lib/usage/store.ts";

const detect = performanceMonitor(innerOperations.threatDetection)(detectThreat);

export const build = (dependencies: OperationDependencies<typeof detectThreatRoute>) =>
  operation(
    detectThreatRoute,
    async ({ body: { type, data, htmlAllowed = [], ignore = [] } }) =>
      detect(type, data, { htmlAllowed, ignore }),
    dependencies,
  );

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "USAGE_TABLE"]);
const usage = usageStore(documents, env.USAGE_TABLE);

initialize();

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  observe: observer(detectThreatRoute, env),
  meter: usageMeter(charger(usage), usage.refund, systemClock),
});
