import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { SettingsChangeDependencies } from "../../lib/encryption/change-encryption-settings.ts";
import { changeEncryptionSettings } from "../../lib/encryption/change-encryption-settings.ts";
import { changeEncryptionSettingsRoute } from "../../lib/encryption/settings-api.ts";
import { encryptionSettingsStore } from "../../lib/encryption/settings-store.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: SettingsChangeDependencies &
    OperationDependencies<typeof changeEncryptionSettingsRoute>,
) => operation(changeEncryptionSettingsRoute, changeEncryptionSettings, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(changeEncryptionSettingsRoute, env),
  store: keyStore(documents, env.KEYS_TABLE),
  settings: encryptionSettingsStore(documents, {
    keys: env.KEYS_TABLE,
    identity: env.IDENTITY_TABLE,
  }),
  auditTable: env.AUDIT_TABLE,
  now: systemClock,
});
