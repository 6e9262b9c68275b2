import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { readEncryptionSettings } from "../../lib/encryption/read-encryption-settings.ts";
import { readEncryptionSettingsRoute } from "../../lib/encryption/settings-api.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof readEncryptionSettings>[1] &
    OperationDependencies<typeof readEncryptionSettingsRoute>,
) => operation(readEncryptionSettingsRoute, readEncryptionSettings, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(readEncryptionSettingsRoute, env),
  store: keyStore(documents, env.KEYS_TABLE),
});
