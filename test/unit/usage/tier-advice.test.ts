import { describe, expect, it } from "vitest";
import type { AdviceInput, MonthDemand } from "../../../lib/usage/tier-advice.ts";
import { adviseTier } from "../../../lib/usage/tier-advice.ts";

const month = (used: number, limit: number, refused = 0): MonthDemand => ({
  period: "2026-01",
  used,
  limit,
  refused,
});

const input = (changes: Partial<AdviceInput>): AdviceInput => ({
  tier: "professional",
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
  });

  it("counts what each tier would have refused, refusals that happened included", () => {
    const months = calls(month(10_000, 10_000, 50), month(1_500, 10_000));
    const { outcomes } = adviseTier(input({ months }));
    expect(outcomes.map(({ refused }) => refused.api_calls)).toEqual([9_550, 50, 0]);
  });

  it("never leads above the highest tier", () => {
    const months = calls(month(100_000, 100_000), month(100_000, 100_000), month(100_000, 100_000));
    expect(adviseTier(input({ tier: "enterprise", months }))).toMatchObject({
      action: "stay",
      tier: "enterprise",
    });
  });
});
