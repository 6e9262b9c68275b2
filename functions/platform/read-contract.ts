import contract from "../../docs/openapi.json" with { type: "json" };
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { readContractRoute } from "../../lib/platform/api.ts";
import { readContract } from "../../lib/platform/read-contract.ts";

export const build = (
  dependencies: Parameters<typeof readContract>[1] &
    OperationDependencies<typeof readContractRoute>,
) => operation(readContractRoute, readContract, dependencies);

const env = readEnv(["STAGE", "VERSION"]);

export const handler = build({ observe: observer(readContractRoute, env), contract });
