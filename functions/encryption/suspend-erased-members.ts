import { documents } from "../../lib/aws/documents.ts";
import { readEnv } from "../../lib/config.ts";
import { memberErasureStore } from "../../lib/encryption/member-erasure-store.ts";
import { keyStore } from "../../lib/encryption/store.ts";
import type { MemberSuspensionDependencies } from "../../lib/encryption/suspend-erased-members.ts";
import { suspendErasedMembers } from "../../lib/encryption/suspend-erased-members.ts";
import { suspendErasedMembersTask } from "../../lib/encryption/tasks.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: MemberSuspensionDependencies & { observe: Observe }) =>
  task(suspendErasedMembers, dependencies);

const env = readEnv(["STAGE", "VERSION", "KEYS_TABLE", "IDENTITY_TABLE"]);

export const handler = build({
  observe: observer(suspendErasedMembersTask, env),
  store: keyStore(documents, env.KEYS_TABLE),
  members: memberErasureStore(documents, { identity: env.IDENTITY_TABLE, keys: env.KEYS_TABLE }),
});
