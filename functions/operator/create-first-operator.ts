import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { firstSealDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { factorSecrets } from "../../lib/mfa/factor-secrets.ts";
import { createFirstOperatorTask } from "../../lib/operator/api.ts";
import type { CreateFirstOperatorDependencies } from "../../lib/operator/create-first-operator.ts";
import { createFirstOperator } from "../../lib/operator/create-first-operator.ts";
import { operatorStore } from "../../lib/operator/store.ts";

export const build = (dependencies: CreateFirstOperatorDependencies & { observe: Observe }) =>
  task(createFirstOperator, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "MANUFACTURER_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
  "FIPS",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  observe: observer(createFirstOperatorTask, env),
  ...secretDependencies(documents, kms, env, systemClock),
  encryption: firstSealDependencies(place),
  operators: operatorStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  secrets: factorSecrets({ documents, kms, env, region: readRegion(), now: systemClock }),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
