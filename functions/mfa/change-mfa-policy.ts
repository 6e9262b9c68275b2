import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { changeMfaPolicyRoute } from "../../lib/mfa/api.ts";
import { changeMfaPolicy } from "../../lib/mfa/change-mfa-policy.ts";
import { mfaPolicyStore } from "../../lib/mfa/policy-store.ts";

export const build = (
  dependencies: Parameters<typeof changeMfaPolicy>[1] &
    OperationDependencies<typeof changeMfaPolicyRoute>,
) => operation(changeMfaPolicyRoute, changeMfaPolicy, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(changeMfaPolicyRoute, env),
  policies: mfaPolicyStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  now: systemClock,
});
