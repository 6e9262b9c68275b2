import { describe, expect, test } from "vitest";
import { toOpenApi } from "../../../lib/http/openapi.ts";
import { routes } from "../../../lib/routes.ts";

interface Operation {
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: unknown }> }>;
}

const { paths } = toOpenApi(routes) as { paths: Record<string, Record<string, Operation>> };
const operations = routes.map((route) => {
  const operation = paths[route.path]?.[route.method.toLowerCase()];
  if (!operation) throw new Error(`${route.operationId} is not in the contract`);
  return { ...route, responses: operation.responses };
});

describe.each(operations)("$operationId", ({ params, responses }) => {
  test("documents what the gateway answers by itself, beside problems of that status", () => {
    const statuses = [400, ...(params ? [404] : []), 413, 429, 431, 500, 503];
    const undocumented = statuses.filter((status) => {
      const { $ref, content = {} } = responses[status] ?? {};
      return $ref === undefined && content["application/json"] === undefined;
    });
    expect(undocumented).toEqual([]);
  });
});

test("an e-mail address and a profile are described as they are checked", () => {
  const text = JSON.stringify(paths["/v1/auth/password/forgot"]);
  expect(text).toContain('"format":"email"');
  expect(text).toContain("{1,64}@");
  expect(JSON.stringify(paths["/v1/business-data/validate"])).not.toContain(
    '"required":["country"',
  );
});
