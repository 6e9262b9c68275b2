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
import { meterOf } from "../../lib/usage/meter-of.ts";

const detect = performanceMonitor(innerOperations.threatDetection)(detectThreat);

export const build = (dependencies: OperationDependencies<typeof detectThreatRoute>) =>
  operation(
    detectThreatRoute,
    async ({ body: { type, data, htmlAllowed = [], ignore = [] } }) =>
      detect(type, data, { htmlAllowed, ignore }),
    dependencies,
  );

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "USAGE_TABLE"]);
initialize();

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  observe: observer(detectThreatRoute, env),
  meter: meterOf(documents, env, systemClock),
});
