import { expect, test } from "vitest";
import { routes } from "../../lib/routes.ts";
import { samples } from "../api/isolation/samples.ts";

test.each(routes)("$operationId has a sample, so that the isolation tests cover it", (route) => {
  const sample = samples[route.operationId];
  expect(sample).toBeDefined();
  // A path parameter names something: whether it can be somebody else's has to be said.
  if (route.path.includes("{")) expect(sample?.namesResource).toBeTypeOf("boolean");
});

test("no sample is left of an operation that is gone", () => {
  const known = new Set(routes.map(({ operationId }) => operationId));
  expect(Object.keys(samples).filter((operationId) => !known.has(operationId))).toEqual([]);
});
