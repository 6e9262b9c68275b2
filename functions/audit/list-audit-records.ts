import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import { listAuditRecordsRoute } from "../../lib/audit/api.ts";
import { listAuditRecords } from "../../lib/audit/list-audit-records.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { auditReader } from "../../lib/audit/store.ts";
import { documents } from "../../lib/aws/documents.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: Parameters<typeof listAuditRecords>[1] &
    OperationDependencies<typeof listAuditRecordsRoute>,
) => operation(listAuditRecordsRoute, listAuditRecords, dependencies);

const env = readEnv(["STAGE", "VERSION", "ISSUER", "KEYS_TABLE", "IDENTITY_TABLE", "AUDIT_TABLE"]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(listAuditRecordsRoute, env),
  readDay: auditReader(documents, env.AUDIT_TABLE),
  now: systemClock,
});
