import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { acknowledgeExceptions, addChecks } from "../../infra/checks.ts";
import { refuseTooMuchReserved } from "../../infra/concurrency.ts";
import { fipsRegions } from "../../infra/fips.ts";
import { readSettings } from "../../infra/settings.ts";
import { variablesOf } from "../../lib/http/route.ts";
import type { Properties } from "./support/assembly.ts";
import { rows } from "./support/product.ts";
import {
  addSampleStacks,
  newApp,
  sampleRoute,
  sampleTasks,
  synthesizeSample,
} from "./support/sample-app.ts";

const settingsOf = (context: Record<string, unknown>) => readSettings(newApp(context).node);
const real = { frontEndUrl: "https://app.acme.com", emailSender: "security@acme.com" };

describe("settings", () => {
  it.each([
    ["stage", "Prod"],
    ["stage", undefined],
    ["frontEndUrl", "http://app.acme.com"],
    ["frontEndUrl", "https://app.acme.com/path"],
    ["emailSender", "acme.com"],
    ["alarmEmail", "nobody"],
    ["fips", "yes"],
    ["account", "12345"],
    ["regions", "eu-west-1,europe"],
    ["corsOrigins", "*"],
    ["domainName", "https://api.acme.com"],
    ["version", "1.0; drop"],
    ["accountConcurrency", "0"],
    ["accountConcurrency", "a thousand"],
    ["mailsPerHour", "5"],
    ["mailsPerHour", "no limit"],
    ["sourceBudgetFactor", "0"],
    ["sourceBudgetFactor", "0.5"],
  ])("refuse %s = %s", (name, value) => {
    expect(() => settingsOf({ [name]: value })).toThrow(`context ${name}`);
  });

  it("take the example addresses for development and nowhere else", () => {
    expect(settingsOf({}).stage).toBe("dev");
    expect(() => settingsOf({ stage: "prod" })).toThrow("needs real values");
    expect(settingsOf({ stage: "prod", ...real }).stage).toBe("prod");
  });

  it.each([...fipsRegions])(
    "take FIPS in %s, where all services have endpoints for it",
    (region) => {
      expect(settingsOf({ fips: "true", regions: region }).fips).toBe(true);
    },
  );

  it.each([
    ["eu-central-1", "is refused in eu-central-1"],
    ["us-east-1,ca-central-1,eu-west-1", "is refused in ca-central-1,eu-west-1"],
    ["", "needs context regions"],
  ])("refuse FIPS in %j, where calls would go nowhere", (regions, fault) => {
    expect(() => settingsOf({ fips: "true", regions })).toThrow(`context fips ${fault}`);
    expect(settingsOf({ fips: "false", regions }).fips).toBe(false);
  });

  it("fall back to the package's version and to one environment of the caller's choice", () => {
    expect(settingsOf({})).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      environments: [{}],
      corsOrigins: [],
      accountConcurrency: 1000,
      mailsPerHour: 2000,
      sourceBudgetFactor: 1,
    });
  });
});

describe("reserved concurrency", () => {
  const reserving = (operationId: string, reservedConcurrency: number) => ({
    ...sampleRoute,
    operationId,
    reservedConcurrency,
  });
  const two = [reserving("signIn", 50), sampleRoute, reserving("resetPassword", 20)];

  it("may be all of the account's but the hundred that Lambda keeps for other functions", () => {
    expect(() =>
      refuseTooMuchReserved(two, settingsOf({ accountConcurrency: "170" })),
    ).not.toThrow();
    expect(() =>
      refuseTooMuchReserved([sampleRoute], settingsOf({ accountConcurrency: "10" })),
    ).not.toThrow();
  });

  it("beyond that stops the synthesis, which says what is reserved and what would do", () => {
    expect(() => synthesizeSample(two, { accountConcurrency: "169" })).toThrow(
      "context accountConcurrency is 169, but must be 170 or more: functions reserve 70" +
        " (signIn 50, resetPassword 20), and Lambda keeps 100 for all others",
    );
  });

  it("of the product fits into an account as AWS makes it by default", () => {
    expect(() => refuseTooMuchReserved(rows, settingsOf({}))).not.toThrow();
  });
});

describe("deployment by configuration", () => {
  const row = { ...sampleRoute, settings: ["FIPS"] } as const;
  const regions = ["us-east-1", "us-west-2"];
  const assembly = synthesizeSample([row], {
    account: "123456789012",
    regions: regions.join(),
    fips: "true",
    domainName: "api.acme.com",
    corsOrigins: "https://app.acme.com,https://admin.acme.com",
    alarmEmail: "ops@acme.com",
  });
  const variablesIn = (region: string): Record<string, string> => {
    const { stack, properties } = assembly.named(`${region}-identity.changeMemberFunction`);
    const { Variables } = properties["Environment"] as { Variables: Properties };
    return Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [name, assembly.spell(stack, value)]),
    );
  };

  it("puts one set of stacks into each region, with tables and functions of its own", () => {
    expect([...assembly.stacks].sort()).toEqual(
      regions.flatMap((region) =>
        ["data", "gateway", "identity"].map((name) => `${region}-${name}`),
      ),
    );
    for (const region of regions) {
      expect(variablesIn(region)["IDENTITY_TABLE"]).toBe(`${region}-data.identitytable`);
    }
  });

  it.each(regions)("demands FIPS endpoints of the SDK in %s and tells the functions", (region) => {
    const variables = variablesIn(region);
    expect(variables).toMatchObject({ FIPS: "require", AWS_USE_FIPS_ENDPOINT: "true" });
    expect(Object.keys(variables).sort()).toEqual(
      [...variablesOf(row), "AWS_USE_FIPS_ENDPOINT"].sort(),
    );
  });

  it.each(regions)("serves the configured host name alone in %s, over TLS, as issuer", (region) => {
    const api = assembly.named(`${region}-gateway.HttpApi`).properties;
    expect(api["DisableExecuteApiEndpoint"]).toBe(true);
    expect(assembly.named(`${region}-gateway.DomainName`).properties).toMatchObject({
      DomainName: "api.acme.com",
      DomainNameConfigurations: [{ EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }],
    });
    expect(assembly.ofType("AWS::ApiGatewayV2::ApiMapping")).toHaveLength(regions.length);
    expect(variablesIn(region)["ISSUER"]).toBe("https://api.acme.com");
  });

  it("lets the configured origins call from a browser, without the browser's credentials", () => {
    const { CorsConfiguration } = assembly.named("us-west-2-gateway.HttpApi").properties;
    expect(CorsConfiguration).toMatchObject({
      AllowOrigins: ["https://app.acme.com", "https://admin.acme.com"],
      AllowHeaders: ["authorization", "content-type", "idempotency-key"],
    });
    expect(CorsConfiguration).not.toHaveProperty("AllowCredentials");
  });

  it("subscribes whoever is to hear of alarms", () => {
    const subscriptions = assembly.ofType("AWS::SNS::Subscription");
    expect(subscriptions).toHaveLength(regions.length);
    for (const { properties } of subscriptions) {
      expect(properties).toMatchObject({ Protocol: "email", Endpoint: "ops@acme.com" });
    }
  });
});

describe("rules of AWS Solutions", () => {
  /** Names of the rules that the product and the samples break. */
  const brokenBy = (acknowledged: boolean): string[] => {
    const app = newApp();
    addSampleStacks(app, [...rows, ...sampleTasks]);
    if (acknowledged) acknowledgeExceptions(app);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    return violations.map(({ ruleName }) => ruleName).sort();
  };

  it("are broken nowhere but where an exception gives the reason", () => {
    expect(brokenBy(true)).toEqual([]);
  });

  it("have no exception that nothing needs", () => {
    expect(brokenBy(false)).toEqual([
      "AwsSolutions-APIG4",
      "AwsSolutions-DDB3",
      "AwsSolutions-IAM5[Resource::*]",
      "AwsSolutions-SQS3",
    ]);
  });

  it("stop the synthesis when broken", () => {
    const app = newApp();
    addChecks(app);
    // After the exceptions were recorded: nothing is acknowledged on these.
    addSampleStacks(app, [sampleRoute]);
    const exitCode = process.exitCode;
    expect(() => app.synth()).toThrow("AwsSolutions-APIG4");
    process.exitCode = exitCode;
  });
});
