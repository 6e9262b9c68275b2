import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv, readRegion } from "../../lib/config.ts";
import type { ReEncryptDependencies } from "../../lib/encryption/advance-re-encrypt-job.ts";
import { reEncryptDependencies } from "../../lib/encryption/encryption-dependencies.ts";
import { runReEncryptJobs } from "../../lib/encryption/run-re-encrypt-jobs.ts";
import { runReEncryptJobsTask } from "../../lib/encryption/tasks.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: ReEncryptDependencies & { observe: Observe }) =>
  task(runReEncryptJobs, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "FIPS",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "MANUFACTURER_KEY_ARN",
]);
const place = { documents, kms, env, region: readRegion(), now: systemClock };

export const handler = build({
  ...reEncryptDependencies(place),
  observe: observer(runReEncryptJobsTask, env),
});
