import { refreshRoute } from "../../lib/auth/api.ts";
import { tokenDependencies } from "../../lib/auth/platform-dependencies.ts";
import type { RefreshDependencies } from "../../lib/auth/refresh.ts";
import { refresh } from "../../lib/auth/refresh.ts";
import { sessionStore } from "../../lib/auth/session-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: RefreshDependencies & OperationDependencies<typeof refreshRoute>,
) => operation(refreshRoute, refresh, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  observe: observer(refreshRoute, env),
  ...tokenDependencies(documents, kms, env, systemClock),
  sessions: sessionStore(
    documents,
    { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE },
    systemClock,
  ),
});
