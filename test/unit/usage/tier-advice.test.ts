import { describe, expect, it } from "vitest";
import type { MonthDemand } from "../../../lib/usage/demand.ts";
import type { AdviceInput } from "../../../lib/usage/tier-advice.ts";
import { adviseTier } from "../../../lib/usage/tier-advice.ts";

const month = (used: number, limit: number, refused = 0): MonthDemand => ({
  period: "2026-01",
  used,
  limit,
  refused,
});

const professional = { product_uploads: 1_000, ml_requests: 500, api_calls: 10_000 };

const input = (changes: Partial<AdviceInput>): AdviceInput => ({
  tier: "professional",
  limits: professional,
  months: { product_uploads: [], ml_requests: [], api_calls: [] },
  chance: () => ({ now: undefined, weekAgo: undefined }),
  ...changes,
});

const calls = (...months: MonthDemand[]) => ({
  product_uploads: [],
  ml_requests: [],
  api_calls: months,
});

describe("tier advice", () => {
  it("is to go up when limits were met in two of three months", () => {
    const months = calls(month(10_000, 10_000), month(9_000, 10_000), month(9_999, 10_000, 5));
    expect(adviseTier(input({ months }))).toMatchObject({
      action: "upgrade",
      tier: "enterprise",
      reasons: [{ code: "limit-met-in-two-of-three-months", resource: "api_calls" }],
    });
  });

  it("is not to go up for one bad month, nor for one bad week", () => {
    const months = calls(month(9_000, 10_000), month(9_000, 10_000), month(10_000, 10_000));
    expect(adviseTier(input({ months })).action).toBe("stay");
    expect(adviseTier(input({ months, chance: () => ({ now: 0.9, weekAgo: 0.2 }) })).action).toBe(
      "stay",
    );
    expect(adviseTier(input({ months, chance: () => ({ now: 0.9, weekAgo: 0.6 }) })).action).toBe(
      "upgrade",
    );
  });

  it("is to go down only when nothing would have been refused and nothing will be", () => {
    const months = calls(month(400, 10_000), month(500, 10_000), month(600, 10_000));
    expect(
      adviseTier(input({ months, chance: () => ({ now: 0.01, weekAgo: 0.01 }) })),
    ).toMatchObject({ action: "downgrade", tier: "free" });
    expect(adviseTier(input({ months })).action).toBe("stay");
    expect(adviseTier(input({ months, chance: () => ({ now: 0.2, weekAgo: 0.2 }) })).action).toBe(
      "stay",
    );
    const two = calls(month(400, 10_000), month(500, 10_000));
    expect(adviseTier(input({ months: two, chance: () => ({ now: 0, weekAgo: 0 }) })).action).toBe(
      "stay",
    );
  });

  it("judges months of a tier already left by the limits in force now", () => {
    const months = calls(month(1_000, 1_000, 80), month(1_000, 1_000, 300), month(1_100, 10_000));
    const { action, reasons } = adviseTier(input({ months }));
    expect({ action, reasons }).toEqual({ action: "stay", reasons: [{ code: "limits-fit" }] });
  });

  it("skips the tiers that would be too small as well", () => {
    const months = calls(month(1_000, 1_000, 20_000), month(1_000, 1_000, 30_000));
    const limits = { product_uploads: 100, ml_requests: 50, api_calls: 1_000 };
    expect(adviseTier(input({ tier: "free", limits, months }))).toMatchObject({
      action: "upgrade",
      tier: "enterprise",
    });
  });

  it("goes down to the lowest tier that is enough, not by one step", () => {
    const months = calls(month(4, 100_000), month(5, 100_000), month(6, 100_000));
    const limits = { product_uploads: -1, ml_requests: 5_000, api_calls: 100_000 };
    const chance = () => ({ now: 0, weekAgo: 0 });
    expect(adviseTier(input({ tier: "enterprise", limits, months, chance }))).toMatchObject({
      action: "downgrade",
      tier: "free",
    });
  });

  it("names no larger tier where an override grants more than any tier", () => {
    const limits = { ...professional, api_calls: 500_000 };
    const months = calls(month(500_000, 500_000), month(500_000, 500_000), month(1, 500_000));
    const { action, tier, reasons } = adviseTier(input({ limits, months }));
    expect({ action, tier, reasons }).toEqual({
      action: "stay",
      tier: "professional",
      reasons: [
        { code: "limit-met-in-two-of-three-months", resource: "api_calls" },
        { code: "no-larger-tier" },
      ],
    });
  });

  it("counts what each tier would have refused, refusals that happened included", () => {
    const months = calls(month(10_000, 10_000, 50), month(1_500, 10_000));
    const { outcomes } = adviseTier(input({ months }));
    expect(outcomes.map(({ refused }) => refused.api_calls)).toEqual([9_550, 50, 0]);
  });

  it("never leads above the highest tier", () => {
    const months = calls(month(100_000, 100_000), month(100_000, 100_000), month(100_000, 100_000));
    const limits = { product_uploads: -1, ml_requests: 5_000, api_calls: 100_000 };
    expect(adviseTier(input({ tier: "enterprise", limits, months }))).toMatchObject({
      action: "stay",
      tier: "enterprise",
    });
  });
});
