import { publishKeysRoute } from "../../lib/auth/discovery-api.ts";
import type { VerificationKeys } from "../../lib/auth/key-ring.ts";
import { verificationKeys } from "../../lib/auth/key-ring.ts";
import { platformKeyStore } from "../../lib/auth/platform-key-store.ts";
import { publishKeys } from "../../lib/auth/publish-keys.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { keys: VerificationKeys } & OperationDependencies<typeof publishKeysRoute>,
) => operation(publishKeysRoute, publishKeys, dependencies);

const env = readEnv(["STAGE", "VERSION", "KEYS_TABLE"]);

export const handler = build({
  observe: observer(publishKeysRoute, env),
  keys: verificationKeys(platformKeyStore(documents, env.KEYS_TABLE), systemClock),
});
