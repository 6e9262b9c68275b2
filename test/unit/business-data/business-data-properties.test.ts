import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { riskLevels } from "../../../lib/business-data/assess-risk.ts";
import { profileFields } from "../../../lib/business-data/profile-fields.ts";
import { validateBusinessData } from "../../../lib/business-data/validate-business-data.ts";

const check = (data: Record<string, unknown>) =>
  validateBusinessData(data, { screen: () => ({ threats: [], riskScore: 0 }) });

describe("any submission", () => {
  const anyKey = fc.oneof(
    fc.constantFrom(...Object.keys(profileFields), "contact", "__proto__"),
    fc.string({ maxLength: 12 }),
  );
  const anyData = fc.dictionary(anyKey, fc.oneof(fc.string(), fc.jsonValue()), { maxKeys: 12 });

  it("gets a verdict that agrees with itself, twice the same", () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const verdict = check(data);
        expect(check(data)).toEqual(verdict);
        const all = Object.values(verdict.fields);
        expect(verdict.valid).toBe(all.every(({ valid }) => valid));
        expect(verdict.securityScore).toBeGreaterThanOrEqual(0);
        expect(verdict.securityScore).toBeLessThanOrEqual(100);
        expect(riskLevels).toContain(verdict.riskLevel);
        if (!verdict.valid) expect(verdict.securityScore).toBeLessThan(100);
      }),
      { numRuns: 1000 },
    );
  });

  it("never scores better for one more field that is refused", () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const { gtin: _, ...without } = data;
        const worse = check({ ...without, gtin: "4006381333930" });
        expect(worse.securityScore).toBeLessThanOrEqual(check(without).securityScore);
      }),
      { numRuns: 500 },
    );
  });
});
