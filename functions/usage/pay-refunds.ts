import { documents } from "../../lib/aws/documents.ts";
import { readEnv } from "../../lib/config.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";
import { payRefunds } from "../../lib/usage/pay-refunds.ts";
import { refundStore } from "../../lib/usage/refund-store.ts";
import { payRefundsTask } from "../../lib/usage/tasks.ts";

export const build = (dependencies: Parameters<typeof payRefunds>[1] & { observe: Observe }) =>
  task(payRefunds, dependencies);

const env = readEnv(["STAGE", "VERSION", "USAGE_TABLE"]);

export const handler = build({
  usage: refundStore(documents, env.USAGE_TABLE),
  observe: observer(payRefundsTask, env),
});
