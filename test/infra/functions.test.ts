import { describe, expect, it } from "vitest";
import { bundlePathOf } from "../../infra/build.ts";
import { fileNameOf, variablesOf } from "../../lib/http/route.ts";
import type { Properties } from "./support/assembly.ts";
import { assembly, nameIn, rows } from "./support/product.ts";

describe("functions", () => {
  it.each(rows)("$operationId runs as its row says, traced, on the current runtime", (row) => {
    const { stack, properties } = assembly.named(nameIn(row, "Function"));

    expect(properties).toMatchObject({
      FunctionName: `manufacturer-security-dev-${fileNameOf(row.operationId)}`,
      Description: row.summary,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      MemorySize: row.memoryMb ?? 512,
      Timeout: row.timeoutSeconds ?? 10,
      TracingConfig: { Mode: "Active" },
    });
    expect(properties["ReservedConcurrentExecutions"]).toBe(row.reservedConcurrency);
    const { LogFormat, LogGroup } = properties["LoggingConfig"] as Properties;
    expect(LogFormat).toBe("Text");
    expect(assembly.spell(stack, LogGroup)).toBe("data.FunctionLogs");
  });

  it.each(rows)("$operationId has exactly the variables that its row implies", (row) => {
    const { properties } = assembly.named(nameIn(row, "Function"));
    const { Variables } = properties["Environment"] as { Variables: Properties };

    expect(Object.keys(Variables).sort()).toEqual([...variablesOf(row)].sort());
  });

  it("gives every variable the value that it names", () => {
    const spelled = new Map<string, Set<string>>();
    for (const row of rows) {
      const { stack, properties } = assembly.named(nameIn(row, "Function"));
      const { Variables } = properties["Environment"] as { Variables: Properties };
      for (const [name, value] of Object.entries(Variables)) {
        const values = spelled.get(name) ?? new Set();
        spelled.set(name, values.add(assembly.spell(stack, value)));
      }
    }
    const expected: Record<string, string> = {
      STAGE: "dev",
      VERSION: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      ISSUER: "gateway.HttpApi.ApiEndpoint",
      IDENTITY_TABLE: "data.identitytable",
      KEYS_TABLE: "data.keystable",
      USAGE_TABLE: "data.usagetable",
      AUDIT_TABLE: "data.audittable",
      METRICS_TABLE: "data.metricstable",
      PLATFORM_KEY_ARN: "data.platformkey.Arn",
      MANUFACTURER_KEY_ARN: "data.manufacturerkey.Arn",
      TABLES_KEY_ARN: "data.tableskey.Arn",
      EVENT_BUS_NAME: "data.EventBus",
      EMAIL_SENDER: "no-reply@manufacturer-security.example",
      FRONT_END_URL: "https://app.manufacturer-security.example",
      FIPS: "off",
      SOURCE_BUDGET_FACTOR: "1",
      MAILS_PER_HOUR: "2000",
    };
    for (const [name, values] of spelled) expect([name, ...values]).toEqual([name, expected[name]]);
  });

  it("deploys for each function its own bundle", () => {
    const codes = rows.map((row) =>
      JSON.stringify(assembly.named(nameIn(row, "Function")).properties["Code"]),
    );
    expect(new Set(codes).size).toBe(rows.length);
    expect(new Set(rows.map(bundlePathOf)).size).toBe(rows.length);
  });

  it("deploys no function without a row, but those that report deployments", () => {
    const others = assembly
      .ofType("AWS::Lambda::Function")
      .filter(({ id }) => !id.startsWith("AWSCDKTrigger"));
    expect(others.map(({ name }) => name).sort()).toEqual(
      rows.map((row) => nameIn(row, "Function")).sort(),
    );
  });
});
