import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import type { Clock } from "../../lib/clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { listKeyVersionsRoute } from "../../lib/encryption/api.ts";
import { answerListKeyVersions } from "../../lib/encryption/key-operations.ts";
import type { KeyStore } from "../../lib/encryption/store.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: { store: KeyStore; now: Clock } & OperationDependencies<
    typeof listKeyVersionsRoute
  >,
) => operation(listKeyVersionsRoute, answerListKeyVersions, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(listKeyVersionsRoute, env),
  store: keyStore(documents, env.KEYS_TABLE),
  now: systemClock,
});
