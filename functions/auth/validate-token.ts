import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { validateTokenRoute } from "../../lib/auth/api.ts";
import { validateToken } from "../../lib/auth/validate-token.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof validateToken>[1] &
    OperationDependencies<typeof validateTokenRoute>,
) => operation(validateTokenRoute, validateToken, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE"]);

export const handler = build({
  observe: observer(validateTokenRoute, env),
  ...authenticationDependencies(documents, env, systemClock),
});
