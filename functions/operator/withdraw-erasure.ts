import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { erasureStore } from "../../lib/encryption/erasure-store.ts";
import { withdrawErasureRoute } from "../../lib/encryption/operator-api.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { withdrawErasure } from "../../lib/operator/withdraw-erasure.ts";

export const build = (
  dependencies: Parameters<typeof withdrawErasure>[1] &
    OperationDependencies<typeof withdrawErasureRoute>,
) => operation(withdrawErasureRoute, withdrawErasure, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(withdrawErasureRoute, env),
  store: keyStore(documents, env.KEYS_TABLE),
  erasureAs: (actor) =>
    erasureStore(documents, env.KEYS_TABLE, (statements) =>
      transactAs(documents, env.IDENTITY_TABLE, actor, statements),
    ),
  auditTable: env.AUDIT_TABLE,
  now: systemClock,
});
