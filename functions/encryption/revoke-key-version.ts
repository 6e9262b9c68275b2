import { transactAs } from "../../lib/access/actor-condition.ts";
import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { revokeKeyVersionRoute } from "../../lib/encryption/api.ts";
import { keyManagement } from "../../lib/encryption/encryption-dependencies.ts";
import type { KeyChangeDependencies } from "../../lib/encryption/key-operations.ts";
import { answerRevoke } from "../../lib/encryption/key-operations.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: KeyChangeDependencies & OperationDependencies<typeof revokeKeyVersionRoute>,
) => operation(revokeKeyVersionRoute, answerRevoke, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "MANUFACTURER_KEY_ARN",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...keyManagement(place),
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(revokeKeyVersionRoute, env),
  auditTable: env.AUDIT_TABLE,
  storeAs: (actor) =>
    keyStore(documents, env.KEYS_TABLE, (statements) =>
      transactAs(documents, env.IDENTITY_TABLE, actor, statements),
    ),
});
