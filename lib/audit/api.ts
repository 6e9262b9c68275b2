import * as z from "zod/mini";
import type { Route, Task } from "../http/route.ts";
import { actorKinds } from "./origin.ts";

export const publishAuditRecordsTask = {
  operationId: "publishAuditRecords",
  domain: "audit",
  summary: "Turn new audit records into domain events; alarm when a record was changed or removed",
  triggers: [{ kind: "stream", table: "audit" }],
  uses: ["event-bus:PutEvents"],
  latencyBudgetMs: 2000,
  timeoutSeconds: 30,
} as const satisfies Task;

const Time = z.iso.datetime();
const Outcome = z.enum(["success", "failure"]);

export const listAuditRecordsRoute = {
  operationId: "listAuditRecords",
  domain: "audit",
  summary:
    "The manufacturer's audit records, newest first, all or those of an actor, of actions or of an outcome; a page may hold few or none and have a next one",
  method: "GET",
  path: "/v1/audit",
  access: "audit:read",
  query: z.strictObject({
    from: z.optional(Time),
    to: z.optional(Time),
    /** Who acted. */
    actorId: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))),
    /** A whole action, or the beginning of some up to a dot: `auth`, `auth.session`. */
    action: z.optional(z.string().check(z.maxLength(100), z.regex(/^[a-z-]+(\.[a-z-]+){0,2}$/))),
    outcome: z.optional(Outcome),
    cursor: z.optional(z.string().check(z.maxLength(512))),
  }),
  success: {
    status: 200,
    schema: z.object({
      items: z.array(
        z.looseObject({
          recordId: z.string(),
          time: Time,
          action: z.string(),
          outcome: Outcome,
          requestId: z.optional(z.string()),
          /** Who acted, and as what. */
          actorId: z.optional(z.string()),
          actorKind: z.optional(z.enum(actorKinds)),
          subjectId: z.optional(z.string()),
          /** The client's address as the gateway saw it, and what the client calls itself. */
          sourceAddress: z.optional(z.string()),
          userAgent: z.optional(z.string()),
        }),
      ),
      nextCursor: z.optional(z.string()),
    }),
  },
  problems: [],
  uses: ["audit:Query"],
  latencyBudgetMs: 200,
} as const satisfies Route;

export const auditRoutes: readonly Route[] = [listAuditRecordsRoute];

export const auditTasks: readonly Task[] = [publishAuditRecordsTask];
