import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { exportManufacturerRoute } from "../../lib/accounts/api.ts";
import { exportManufacturer } from "../../lib/accounts/export-manufacturer.ts";
import { memberStore } from "../../lib/accounts/member-store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof exportManufacturer>[1] &
    OperationDependencies<typeof exportManufacturerRoute>,
) => operation(exportManufacturerRoute, exportManufacturer, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "USAGE_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  observe: observer(exportManufacturerRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, usage: env.USAGE_TABLE }),
  members: memberStore(documents, { identity: env.IDENTITY_TABLE }),
  now: systemClock,
});
