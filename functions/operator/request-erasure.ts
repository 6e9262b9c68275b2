import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { erasureStore } from "../../lib/encryption/erasure-store.ts";
import { requestErasureRoute } from "../../lib/encryption/operator-api.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import type { RequestErasureDependencies } from "../../lib/operator/request-erasure.ts";
import { requestErasure } from "../../lib/operator/request-erasure.ts";

export const build = (
  dependencies: RequestErasureDependencies & OperationDependencies<typeof requestErasureRoute>,
) => operation(requestErasureRoute, requestErasure, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(requestErasureRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
  store: keyStore(documents, env.KEYS_TABLE),
  erasureAs: (actor) =>
    erasureStore(documents, env.KEYS_TABLE, (statements) =>
      transactAs(documents, env.IDENTITY_TABLE, actor, statements),
    ),
  auditTable: env.AUDIT_TABLE,
  now: systemClock,
});
