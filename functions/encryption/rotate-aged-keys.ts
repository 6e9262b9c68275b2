import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import { agedVersionStore } from "../../lib/encryption/aged-version-store.ts";
import { keyManagement } from "../../lib/encryption/encryption-dependencies.ts";
import type { AgedRotationDependencies } from "../../lib/encryption/rotate-aged-keys.ts";
import { rotateAgedKeys } from "../../lib/encryption/rotate-aged-keys.ts";
import { rotateAgedKeysTask } from "../../lib/encryption/tasks.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: AgedRotationDependencies & { observe: Observe }) =>
  task(rotateAgedKeys, dependencies);

const env = readEnv(["STAGE", "VERSION", "KEYS_TABLE", "AUDIT_TABLE", "MANUFACTURER_KEY_ARN"]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...keyManagement(place),
  observe: observer(rotateAgedKeysTask, env),
  aged: agedVersionStore(documents, env.KEYS_TABLE),
  auditTable: env.AUDIT_TABLE,
});
