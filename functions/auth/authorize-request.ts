import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { authorizeRequestTask } from "../../lib/auth/api.ts";
import { authorizeRequest } from "../../lib/auth/authorize-request.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (
  dependencies: Parameters<typeof authorizeRequest>[1] & { observe: Observe },
) => task(authorizeRequest, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE"]);

export const handler = build({
  observe: observer(authorizeRequestTask, env),
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
});
