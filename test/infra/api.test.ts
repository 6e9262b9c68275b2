import { describe, expect, it } from "vitest";
import { routes } from "../../lib/routes.ts";
import type { Json } from "./support/assembly.ts";
import { assembly, nameIn } from "./support/product.ts";

describe("HTTP API", () => {
  it("has exactly the routes of the table", () => {
    const keys = assembly
      .ofType("AWS::ApiGatewayV2::Route")
      .map(({ properties }) => properties["RouteKey"]);
    expect(keys.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it.each(routes)(
    "$method $path reaches its own function, which no other route may invoke",
    (row) => {
      const route = assembly.named(nameIn(row, "Route"));
      expect(assembly.spell(route.stack, route.properties["ApiId"])).toBe("gateway.HttpApi");
      expect(assembly.spell(route.stack, route.properties["Target"])).toBe(
        `integrations/${nameIn(row, "RouteIntegration")}`,
      );
      const integration = assembly.named(nameIn(row, "RouteIntegration")).properties;
      expect(integration).toMatchObject({
        IntegrationType: "AWS_PROXY",
        PayloadFormatVersion: "2.0",
      });
      expect(assembly.spell(route.stack, integration["IntegrationUri"])).toBe(
        `${nameIn(row, "Function")}.Arn`,
      );
      const permission = assembly.named(nameIn(row, "RouteIntegrationPermission")).properties;
      expect(permission["Principal"]).toBe("apigateway.amazonaws.com");
      expect(assembly.spell(route.stack, permission["SourceArn"])).toBe(
        `arn:<Partition>:execute-api:<Region>:<AccountId>:gateway.HttpApi/*/*${row.path}`,
      );
    },
  );

  it("throttles all callers together", () => {
    expect(assembly.named("gateway.Stage").properties["DefaultRouteSettings"]).toEqual({
      ThrottlingRateLimit: 1000,
      ThrottlingBurstLimit: 500,
    });
  });

  it("logs each request as one JSON object that names no path, query or token", () => {
    const { properties } = assembly.named("gateway.Stage");
    const { DestinationArn, Format } = properties["AccessLogSettings"] as Record<string, Json>;

    expect(assembly.spell("gateway", DestinationArn)).toBe("data.AccessLogs.Arn");
    const line = String(Format).replace(/\$context[.\w]+/g, "value");
    const { stage, ...values } = JSON.parse(line) as Record<string, string>;
    expect(stage).toBe("dev");
    expect(new Set(Object.values(values))).toEqual(new Set(["value"]));
    // The quoted forms would break the JSON string that they stand in.
    expect(Format).not.toMatch(/messageString|\.path|rawQuery|authorization/i);
  });

  it("is not callable from a browser unless origins are configured", () => {
    expect(assembly.named("gateway.HttpApi").properties["CorsConfiguration"]).toBeUndefined();
  });

  it("has no route to the controls of the local stack", () => {
    const keys = JSON.stringify(assembly.resources.map(({ properties }) => properties));
    expect(keys).not.toContain("__local");
  });
});
