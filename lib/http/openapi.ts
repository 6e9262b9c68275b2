import type { core as schema } from "zod/mini";
import { jsonSchema, responseComponents, responsesOf } from "./openapi-responses.ts";
import type { Route } from "./route.ts";
import { domains } from "./route.ts";

/** The API's contract in OpenAPI 3.1, derived from the route rows and nothing else. */
export const toOpenApi = (routes: readonly Route[]): Record<string, unknown> => ({
  openapi: "3.1.0",
  info: {
    title: "Manufacturer Security Foundation",
    version: "1",
    description:
      "Identity, MFA, usage limits, encryption, threat detection and performance monitoring for manufacturers. Errors are application/problem+json (RFC 9457); switch on `code`. Answers that the gateway itself gives (an unknown path, too long a request, throttling, a function that is gone) are plain JSON with a `message`.",
  },
  servers: [{ url: "/" }],
  tags: domains
    .filter((domain) => routes.some((route) => route.domain === domain))
    .map((name) => ({ name })),
  paths: pathsOf(routes),
  components: {
    securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "at+jwt" } },
    ...responseComponents,
  },
});

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
          required: !route.isBodyOptional,
          content: { "application/json": { schema: jsonSchema(route.body, "input") } },
        },
      }),
      responses: responsesOf(route),
    };
  }
  return paths;
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
