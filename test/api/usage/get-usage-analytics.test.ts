import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { usageKeys } from "../../../lib/aws/item-keys.ts";
import { daysIn, periodAt, shiftPeriod } from "../../../lib/usage/period.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { useStack } from "../../support/stack.ts";
import type { Tenant } from "./tenants.ts";
import { newTenant } from "./tenants.ts";

const stack = useStack();

/** Writes counters of past months, as charges in those months would have left them. */
async function writeHistory(
  { manufacturerId }: Tenant,
  months: number,
  unitsOn: (weekday: number) => number,
  limit = 1000,
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: stack.endpoints.dynamodb, region, credentials }),
  );
  for (let back = months; back >= 1; back--) {
    const period = shiftPeriod(periodAt(stack.now()), -back);
    const days = Array.from({ length: daysIn(period) }, (_, day) =>
      unitsOn(new Date(period.startsAtMs + day * 86_400_000).getUTCDay()),
    );
    await documents.send(
      new PutCommand({
        TableName: stack.tableNames.usage,
        Item: {
          ...usageKeys.counter(manufacturerId, "api_calls", period.name),
          ...Object.fromEntries(
            days.map((units, day) => [`d${String(day + 1).padStart(2, "0")}`, units]),
          ),
          tier: "free",
          limit,
          overageMax: 0,
          used: days.reduce((sum, units) => sum + units, 0),
          remaining: 0,
          limitValidUntilMs: period.endsAtMs,
        },
      }),
    );
  }
  documents.destroy();
}

const analytics = async ({ token }: Tenant) =>
  (await stack.http.get("/v1/usage/analytics", { token })).body;

describe("200", () => {
  it("says too little data where it is", async () => {
    const tenant = await newTenant(stack);
    const body = await analytics(tenant);
    expect(body.items).toHaveLength(3);
    for (const { forecast } of body.items) {
      expect(forecast).toEqual({ status: "too-little-data", daysOfHistory: 0 });
    }
    expect(body.advice).toMatchObject({ action: "too-little-data", tier: "free", reasons: [] });
  });

  it("shows months, days and trend, and what each tier would have refused", async () => {
    const tenant = await newTenant(stack);
    await writeHistory(tenant, 5, (weekday) => (weekday % 6 === 0 ? 20 : 60));
    const body = await analytics(tenant);
    const calls = body.items[2];
    expect(calls.months).toHaveLength(5);
    expect(calls.days).toHaveLength(62);
    expect(calls.trend.fourWeeksBefore).toBeGreaterThan(0);
    expect(calls.forecast.status).toBe("ready");
    const beyond = calls.months.reduce(
      (sum: number, { used }: { used: number }) => sum + Math.max(0, used - 1000),
      0,
    );
    const [free, professional] = body.advice.outcomes;
    expect(free).toMatchObject({ tier: "free", refused: { api_calls: beyond } });
    expect(professional).toMatchObject({ tier: "professional", refused: { api_calls: 0 } });
  });

  it("advises the next tier where limits were met again and again, and says why", async () => {
    const tenant = await newTenant(stack);
    await writeHistory(tenant, 3, () => 50);
    const { advice } = await analytics(tenant);
    expect(advice).toMatchObject({ action: "upgrade", tier: "professional" });
    expect(advice.reasons).toContainEqual({
      code: "limit-met-in-two-of-three-months",
      resource: "api_calls",
    });
  });
});

describe("401", () => {
  it("asks for a token", async () => {
    expect((await stack.http.get("/v1/usage/analytics")).status).toBe(401);
  });
});
