import { rotatePlatformKeysTask } from "../../lib/auth/api.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { rotatePlatformKeys } from "../../lib/auth/rotate-platform-keys.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (
  dependencies: Parameters<typeof rotatePlatformKeys>[1] & { observe: Observe },
) => task(rotatePlatformKeys, dependencies);

const env = readEnv(["STAGE", "VERSION", "KEYS_TABLE", "PLATFORM_KEY_ARN"]);

export const handler = build({
  ...secretDependencies(documents, kms, env, systemClock),
  observe: observer(rotatePlatformKeysTask, env),
});
