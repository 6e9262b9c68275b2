import type { core as schema } from "zod/mini";
import { toJSONSchema } from "zod/mini";
import type { ProblemCode } from "../problem.ts";
import { problems } from "../problem.ts";
import type { Route } from "./route.ts";
import { domains } from "./route.ts";

/** Codes the wrap can answer for a route, besides those its row lists. */
export function impliedProblems(route: Route): ProblemCode[] {
  const takesInput = route.body || route.params || route.query || route.headers;
  return [
    ...(route.body
      ? (["malformed-json", "unsupported-media-type", "body-too-large"] as const)
      : []),
    ...(takesInput ? (["invalid-request"] as const) : []),
    ...(route.access === "public" ? [] : (["missing-token", "invalid-token"] as const)),
    ...(route.screens?.mode === "block" ? (["threat-detected"] as const) : []),
    ...(route.meters?.refuses ? (["quota-exceeded", "contention"] as const) : []),
    // Any permission may ask for a second factor, where the manufacturer's own policy does.
    ...(route.access === "public" || route.access === "member"
      ? []
      : (["forbidden", "insufficient-authentication"] as const)),
    "unavailable",
    "timeout",
    "internal",
  ];
}

/** The API's contract in OpenAPI 3.1, derived from the route rows and nothing else. */
export const toOpenApi = (routes: readonly Route[]): Record<string, unknown> => ({
  openapi: "3.1.0",
  info: {
    title: "Manufacturer Security Foundation",
    version: "1",
    description:
      "Identity, MFA, usage limits, encryption, threat detection and performance monitoring for manufacturers. Errors are application/problem+json (RFC 9457); switch on `code`. Answers that the gateway itself gives (404 for an unknown path, 413 beyond 10 MB, 429 when throttled) are plain JSON.",
  },
  servers: [{ url: "/" }],
  tags: domains
    .filter((domain) => routes.some((route) => route.domain === domain))
    .map((name) => ({ name })),
  paths: pathsOf(routes),
  components: {
    securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "at+jwt" } },
    schemas: { Problem: problemSchema },
  },
});

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

function pathsOf(routes: readonly Route[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = {
      operationId: route.operationId,
      tags: [route.domain],
      summary: route.summary,
      ...(route.access === "public" ? {} : { security: [{ accessToken: [] }] }),
      parameters: [
        ...parametersOf("path", route.params),
        ...parametersOf("query", route.query),
        ...parametersOf("header", route.headers),
      ],
      ...(route.body && {
        requestBody: {
          required: true,
          content: { "application/json": { schema: jsonSchema(route.body, "input") } },
        },
      }),
      responses: responsesOf(route),
    };
  }
  return paths;
}

function jsonSchema(source: schema.$ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = toJSONSchema(source, { io, unrepresentable: "any" });
  return rest;
}

function parametersOf(place: string, source: schema.$ZodType | undefined): unknown[] {
  if (!source) return [];
  const { properties = {}, required = [] } = jsonSchema(source, "input") as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, parameterSchema]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: parameterSchema,
  }));
}

function responsesOf(route: Route): Record<string, unknown> {
  const { status, schema: success, contentTypes = ["application/json"] } = route.success;
  const codes = [...new Set([...impliedProblems(route), ...route.problems])];
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return {
    [status]: {
      description: route.summary,
      ...(success && {
        content: Object.fromEntries(
          contentTypes.map((type) => [
            type,
            {
              schema:
                type === "application/json" ? jsonSchema(success, "output") : { type: "string" },
            },
          ]),
        ),
      }),
    },
    ...Object.fromEntries(
      [...byStatus].map(([problemStatus, group]) => [
        problemStatus,
        {
          description: group.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
          content: {
            "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
          },
        },
      ]),
    ),
  };
}
