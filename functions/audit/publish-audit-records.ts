import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { publishAuditRecordsTask } from "../../lib/audit/api.ts";
import { eventPublisher } from "../../lib/audit/event-bus.ts";
import type { PublishDependencies } from "../../lib/audit/publish-audit-records.ts";
import { publishAuditRecords } from "../../lib/audit/publish-audit-records.ts";
import { readEnv } from "../../lib/config.ts";
import { counter } from "../../lib/http/counter.ts";
import type { Observe } from "../../lib/http/observe.ts";
import { observer } from "../../lib/http/observe.ts";
import { task } from "../../lib/http/task.ts";

export const build = (dependencies: PublishDependencies & { observe: Observe }) =>
  task(publishAuditRecords, dependencies);

const env = readEnv(["STAGE", "VERSION", "EVENT_BUS_NAME"]);

export const handler = build({
  publish: eventPublisher(new EventBridgeClient(), env.EVENT_BUS_NAME),
  reportTampering: counter("auditTampered", env.STAGE),
  observe: observer(publishAuditRecordsTask, env),
});
