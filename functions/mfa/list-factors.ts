import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { listFactorsRoute } from "../../lib/mfa/api.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { listFactors } from "../../lib/mfa/list-factors.ts";

export const build = (
  dependencies: Parameters<typeof listFactors>[1] & OperationDependencies<typeof listFactorsRoute>,
) => operation(listFactorsRoute, listFactors, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(listFactorsRoute, env),
  factors: factorStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
});
