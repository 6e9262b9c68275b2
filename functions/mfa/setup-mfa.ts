import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { setupMfaRoute } from "../../lib/mfa/api.ts";
import { factorSecrets } from "../../lib/mfa/factor-secrets.ts";
import { factorStore } from "../../lib/mfa/factor-store.ts";
import { setupMfa } from "../../lib/mfa/setup-mfa.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: Parameters<typeof setupMfa>[1] & OperationDependencies<typeof setupMfaRoute>,
) => operation(setupMfaRoute, setupMfa, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "MANUFACTURER_KEY_ARN",
  "AUDIT_TABLE",
]);
const authentication = authenticationDependencies(documents, env, systemClock);

export const handler = build({
  authenticate: authenticator(authentication),
  observe: observer(setupMfaRoute, env),
  accessItem: authentication.accessItem,
  factors: factorStore(documents, { identity: env.IDENTITY_TABLE }, systemClock),
  secrets: factorSecrets({ documents, kms, env, region: readRegion(), now: systemClock }),
  readMember: accountStore(documents, { identity: env.IDENTITY_TABLE }).readMember,
  now: systemClock,
  screenBody: bodyScreenOf(documents, env, systemClock),
});
