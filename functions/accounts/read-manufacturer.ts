import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { readManufacturerRoute } from "../../lib/accounts/api.ts";
import { readManufacturer } from "../../lib/accounts/read-manufacturer.ts";
import type { AccountStore } from "../../lib/accounts/store.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { accounts: AccountStore } & OperationDependencies<typeof readManufacturerRoute>,
) => operation(readManufacturerRoute, readManufacturer, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  observe: observer(readManufacturerRoute, env),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE }),
});
