import type { core as schema } from "zod/mini";
import { toJSONSchema } from "zod/mini";
import type { ProblemCode } from "../problem.ts";
import { problems } from "../problem.ts";
import { gatewayAnswers } from "./gateway-answers.ts";
import type { Route } from "./route.ts";
import { permissionOf } from "./route.ts";

/** Codes the wrap can answer for a route, besides those its row lists. */
export function impliedProblems(route: Route): ProblemCode[] {
  return [
    ...(route.body
      ? (["malformed-json", "unsupported-media-type", "body-too-large"] as const)
      : []),
    // For an unknown query parameter, where nothing else can be wrong.
    "invalid-request",
    ...(route.access === "public" ? [] : (["missing-token", "invalid-token"] as const)),
    ...(route.sourceBudget ? (["too-many-requests"] as const) : []),
    ...(route.screens?.mode === "block" ? (["threat-detected"] as const) : []),
    ...(route.meters?.refuses ? (["quota-exceeded", "contention"] as const) : []),
    ...(permissionOf(route.access) ? (["forbidden"] as const) : []),
    // Whatever a member does may take a second factor, where the manufacturer's own policy says so.
    ...(route.access === "public" || route.access === "session"
      ? []
      : (["insufficient-authentication"] as const)),
    "unavailable",
    "timeout",
    "internal",
  ];
}

export function jsonSchema(
  source: schema.$ZodType,
  io: "input" | "output",
): Record<string, unknown> {
  const { $schema: _, ...rest } = toJSONSchema(source, { io, unrepresentable: "any" });
  return rest;
}

const problemSchema = {
  type: "object",
  required: ["type", "title", "status", "instance", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string" },
    code: { type: "string", enum: Object.keys(problems) },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "code"],
        properties: { pointer: { type: "string" }, code: { type: "string" } },
      },
    },
  },
};

const gatewayMessageSchema = {
  type: "object",
  required: ["message"],
  properties: { message: { type: "string" } },
};

const reference = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const gatewayContent = {
  "application/json": { schema: reference("schemas", "GatewayMessage") },
};

/** What the responses of all operations refer to. */
export const responseComponents = {
  schemas: { Problem: problemSchema, GatewayMessage: gatewayMessageSchema },
  headers: {
    RequestId: {
      description: "Which request it was; log lines carry it.",
      required: true,
      schema: { type: "string" },
    },
    RetryAfter: {
      description: "Seconds to wait before the next attempt.",
      schema: { type: "string", pattern: "^[0-9]+$" },
    },
    Authenticate: {
      description: "What is asked for (RFC 6750, RFC 9470).",
      schema: { type: "string" },
    },
  },
  responses: Object.fromEntries(
    Object.entries(gatewayAnswers).map(([status, message]) => [
      `Gateway${status}`,
      { description: `The gateway: ${message}.`, content: gatewayContent },
    ]),
  ),
};

const headersByStatus: Readonly<Record<number, object>> = {
  401: { "www-authenticate": reference("headers", "Authenticate") },
  429: { "retry-after": reference("headers", "RetryAfter") },
  503: { "retry-after": reference("headers", "RetryAfter") },
};

/** Every status that an operation can answer: its own, its problems, and the gateway's. */
export function responsesOf(route: Route): Record<string, unknown> {
  const codes = [...new Set([...impliedProblems(route), ...route.problems])];
  const byStatus = Map.groupBy(codes, (code) => problems[code].status as number);
  const ofGateway = Object.keys(gatewayAnswers)
    .map(Number)
    // Without parameters in it a path cannot miss its route.
    .filter((status) => status !== 404 || route.params);
  return {
    [route.success.status]: successOf(route),
    ...Object.fromEntries(
      ofGateway.map((status) => [status, reference("responses", `Gateway${status}`)]),
    ),
    ...Object.fromEntries(
      [...byStatus].map(([status, group]) => [
        status,
        problemAnswer(status, group, ofGateway.includes(status)),
      ]),
    ),
  };
}

function successOf({ success, summary }: Route): object {
  const { schema: body, contentTypes = ["application/json"] } = success;
  const schemaFor = (type: string) =>
    body && type === "application/json" ? jsonSchema(body, "output") : { type: "string" };
  return {
    description: summary,
    headers: { "x-request-id": reference("headers", "RequestId") },
    ...(body && {
      content: Object.fromEntries(contentTypes.map((type) => [type, { schema: schemaFor(type) }])),
    }),
  };
}

const problemAnswer = (
  status: number,
  codes: readonly ProblemCode[],
  isOfGatewayToo: boolean,
): object => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
  ...(headersByStatus[status] && { headers: headersByStatus[status] }),
  content: {
    "application/problem+json": { schema: reference("schemas", "Problem") },
    ...(isOfGatewayToo && gatewayContent),
  },
});
