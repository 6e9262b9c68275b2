import { describeAuthorizationServer } from "../../lib/auth/describe-authorization-server.ts";
import { describeAuthorizationServerRoute } from "../../lib/auth/discovery-api.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { issuer: string } & OperationDependencies<typeof describeAuthorizationServerRoute>,
) => operation(describeAuthorizationServerRoute, describeAuthorizationServer, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER"]);

export const handler = build({
  observe: observer(describeAuthorizationServerRoute, env),
  issuer: env.ISSUER,
});
