import { describeIssuer } from "../../lib/auth/describe-issuer.ts";
import { describeIssuerRoute } from "../../lib/auth/discovery-api.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { issuer: string } & OperationDependencies<typeof describeIssuerRoute>,
) => operation(describeIssuerRoute, describeIssuer, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER"]);

export const handler = build({ observe: observer(describeIssuerRoute, env), issuer: env.ISSUER });
