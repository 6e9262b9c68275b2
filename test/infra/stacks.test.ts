import { describe, expect, it } from "vitest";
import { groupByDomain } from "../../infra/groups.ts";
import { assembly, rows } from "./support/product.ts";

/** CloudFormation refuses more than 500; below that a domain must still find room to grow. */
const resourcesMax = 450;

/** CloudFormation reads templates of up to 1 MB. */
const templateBytesMax = 900_000;

describe("stacks", () => {
  it("are the data, the gateway, and one for each group of domains that has operations", () => {
    const groups = new Set<string>(rows.map(({ domain }) => groupByDomain[domain]));
    expect(new Set(assembly.stacks)).toEqual(new Set(["data", "gateway", ...groups]));
  });

  it.each(assembly.stacks)("%s stays well below CloudFormation's limit", (stack) => {
    const count = assembly.resources.filter((resource) => resource.stack === stack).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(resourcesMax);
  });

  it.each(assembly.stacks)("%s is a template that CloudFormation reads", (stack) => {
    expect(assembly.sizeBytesOf(stack)).toBeLessThan(templateBytesMax);
  });

  it("tell where the API is", () => {
    const { Value } = assembly.outputsOf("gateway")["ApiUrl"] ?? {};
    expect(assembly.spell("gateway", Value)).toBe("gateway.HttpApi.ApiEndpoint");
  });
});
