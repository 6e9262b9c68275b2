import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { erasedManufacturersStore } from "../../lib/encryption/erased-manufacturers-store.ts";
import { erasureStore } from "../../lib/encryption/erasure-store.ts";
import { memberErasureStore } from "../../lib/encryption/member-erasure-store.ts";
import type { ShredDependencies } from "../../lib/encryption/shred-erased-manufacturers.ts";
import { shredErasedManufacturers } from "../../lib/encryption/shred-erased-manufacturers.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import { shredErasedManufacturersTask } from "../../lib/encryption/tasks.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: ShredDependencies & { observe: Observe }) =>
  task(shredErasedManufacturers, dependencies);

const env = readEnv(["STAGE", "VERSION", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  observe: observer(shredErasedManufacturersTask, env),
  store: keyStore(documents, env.KEYS_TABLE),
  erasure: erasureStore(documents, env.KEYS_TABLE),
  erased: erasedManufacturersStore(documents, env.IDENTITY_TABLE),
  members: memberErasureStore(documents, { identity: env.IDENTITY_TABLE, keys: env.KEYS_TABLE }),
  auditTable: env.AUDIT_TABLE,
  now: systemClock,
});
