import { describe, expect, it } from "vitest";
import { useServices } from "../../support/services.ts";
import { rotateUnderFire } from "./rotate-under-fire.ts";

const services = useServices();

describe("rotations without their fence", { timeout: 240_000 }, () => {
  it("lose acknowledged records: what the fence promises can be seen to fail", async () => {
    const report = await rotateUnderFire(services, { rotations: 10, seed: 1, fenceMs: 0 });
    const { acknowledged, failedReads, intact } = report;
    console.log({ acknowledged, failedReads, intact });
    expect(intact).toBeLessThan(acknowledged);
    expect(failedReads).toBeGreaterThan(0);
  });
});
