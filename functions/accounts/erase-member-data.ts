import { eraseMemberData } from "../../lib/accounts/erase-member-data.ts";
import { eraseMemberDataTask } from "../../lib/accounts/member-api.ts";
import { memberItemDeleter } from "../../lib/accounts/member-item-store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: Parameters<typeof eraseMemberData>[1] & { observe: Observe }) =>
  task(eraseMemberData, dependencies);

const env = readEnv(["STAGE", "VERSION", "IDENTITY_TABLE"]);

export const handler = build({
  observe: observer(eraseMemberDataTask, env),
  deleteMemberItems: memberItemDeleter(documents, env.IDENTITY_TABLE),
});
