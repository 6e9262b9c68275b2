import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { FieldError } from "../problem.ts";
import { Problem, problems } from "../problem.ts";

/** An API answers data, never documents: nothing may be cached, framed, sniffed or run (OWASP ASVS 3.4). */
const securityHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
};

export function response(
  status: number,
  body: unknown,
  requestId: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const contentType = headers["content-type"] ?? "application/json";
  return {
    statusCode: status,
    headers: {
      ...securityHeaders,
      ...(body === undefined ? {} : { "content-type": contentType }),
      "x-request-id": requestId,
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

/** The stable URI of a problem type (RFC 9457 section 3.1.1); `docs/problems.md` explains each. */
export const problemType = (code: string): string => `urn:manufacturer-security:problem:${code}`;

/** Renders a problem as `application/problem+json`; `instance` is the request, the only part that varies. */
export function problemResponse(
  problem: Problem,
  requestId: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const { status, title } = problems[problem.code];
  return response(
    status,
    {
      ...problem.extra,
      type: problemType(problem.code),
      title,
      status,
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      instance: `urn:request:${requestId}`,
      code: problem.code,
    },
    requestId,
    { ...headers, ...problem.headers, "content-type": "application/problem+json" },
  );
}

const fieldErrorsMax = 50;

/** A request that breaks its schema, naming every bad place (the first 50 of them). */
export const invalidRequest = (errors: readonly FieldError[]): Problem =>
  new Problem("invalid-request", {
    detail: `${errors.length} invalid ${errors.length === 1 ? "place" : "places"} in the request; errors names ${errors.length > fieldErrorsMax ? `the first ${fieldErrorsMax}` : "each"}.`,
    extra: { errors: errors.slice(0, fieldErrorsMax) },
  });
