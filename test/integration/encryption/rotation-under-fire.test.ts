import { describe, expect, it } from "vitest";
import { useServices } from "../../support/services.ts";
import { rotateUnderFire } from "./rotate-under-fire.ts";

const services = useServices();

describe("rotations under writers, readers and a worker that is killed", {
  timeout: 240_000,
}, () => {
  it("lose nothing in 20 rounds: every acknowledged record opens, and every older version is destroyed", async () => {
    const report = await rotateUnderFire(services, { rotations: 20, seed: 1 });
    const { acknowledged, failedReads, intact, kills, reads, versions, writes } = report;
    console.log({ acknowledged, failedReads, intact, kills, reads, writes }, services.calls());
    expect({ intact, failedReads }).toEqual({ intact: acknowledged, failedReads: 0 });
    expect(acknowledged).toBeGreaterThan(50);
    expect(kills).toBeGreaterThan(10);
    const ofRecords = versions.filter(({ purpose }) => purpose === "record");
    expect(ofRecords.map(({ state }) => state)).toEqual([
      ...Array.from({ length: 20 }, () => "destroyed"),
      "enabled",
    ]);
  });
});
