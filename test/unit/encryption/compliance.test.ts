import { describe, expect, it } from "vitest";
import { runCheck } from "../../../lib/encryption/compliance-check.ts";
import { generateVersion } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { collectFipsEvidence } from "../../../lib/encryption/fips-evidence.ts";
import type { KeyVersion } from "../../../lib/encryption/manufacturer-keys.ts";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";
import { sealRecord } from "../../../lib/encryption/seal-record.ts";
import { runSelfTests } from "../../../lib/encryption/self-test.ts";
import type { ComplianceDependencies } from "../../../lib/encryption/validate-encryption-compliance.ts";
import { validateEncryptionCompliance } from "../../../lib/encryption/validate-encryption-compliance.ts";
import { fixedKey } from "./fixed-key.ts";
import { createProcessKeyHierarchy } from "./process-key-hierarchy.ts";

const manufacturerId = "mfr_first";
const region = "eu-central-1";
const now = () => 1000;

const sampled = (keyId: string) =>
  sealRecord({
    key: fixedKey({ keyId }),
    plaintext: Buffer.from("{}"),
    algorithm: "AES-256-GCM",
    context: {},
    now: 0,
    random: createRandomPool(),
    fips: "off",
  });

async function report(
  changes: Partial<ComplianceDependencies> = {},
  version: Partial<KeyVersion> = {},
) {
  const hierarchy = createProcessKeyHierarchy(region);
  const key = await generateVersion(
    { hierarchy, now },
    { manufacturerId, purpose: "record", version: 1 },
  );
  return validateEncryptionCompliance(
    {
      now,
      fips: "off",
      region,
      collectFipsEvidence: () => collectFipsEvidence({}),
      checkKmsKey: async () => [],
      checkKeysTable: async () => [],
      readManufacturerKeys: async () => ({
        manufacturerId,
        state: "active",
        region,
        salt: Buffer.alloc(32),
        epoch: 1,
        newest: { envelope: 1, record: 1 },
        createdAtMs: 0,
      }),
      listVersions: async () => [{ ...key, ...version }],
      sampleEnvelopes: async () => [sampled("record#000001")],
      ...changes,
    },
    manufacturerId,
  );
}

const resultOf = async (id: string, ...scene: Parameters<typeof report>) =>
  (await report(...scene)).checks.find((check) => check.id === id)?.result;

describe("a check", () => {
  it("that could not look is unknown, and tells no more of the error than its name", async () => {
    const look = () => Promise.reject(new RangeError("secret text"));
    expect(await runCheck({ id: "a", source: "b", now }, look)).toEqual({
      id: "a",
      result: "unknown",
      evidence: { error: "RangeError" },
      source: "b",
      checkedAtMs: 1000,
    });
  });

  it("that had nothing to look at is unknown, not passed", async () => {
    expect(await resultOf("envelopes/sample", { sampleEnvelopes: async () => [] })).toBe("unknown");
    expect(await resultOf("keys/residency", { readManufacturerKeys: async () => undefined })).toBe(
      "unknown",
    );
  });
});

describe("self-tests", () => {
  it.each(["off", "prefer", "require"] as const)("pass while fips is %s", async (fips) => {
    const checks = await runSelfTests(fips, now);
    expect(checks.map(({ id, result }) => [id, result])).toEqual(
      checks.map(({ id }) => [id, "pass"]),
    );
    expect(checks).toHaveLength(6);
  });
});

describe("compliance report", () => {
  it("passes what was seen to be right", async () => {
    const { checks } = await report();
    const failed = checks.filter(({ result }) => result === "fail" || result === "unknown");
    expect(failed).toEqual([]);
  });

  it.each([
    ["another region's key", { region: "us-east-1" }],
    ["a KMS key of another region", { kmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a" }],
  ])("fails residency with %s", async (_, version) => {
    expect(await resultOf("keys/residency", {}, version)).toBe("fail");
  });

  it("fails erasure where a destroyed key is still stored", async () => {
    expect(await resultOf("keys/erasure", {}, { state: "destroyed" })).toBe("fail");
  });

  it("fails a sample that holds a stranger's envelope or one that no longer opens", async () => {
    const stranger = { ...sampled("record#000001"), manufacturerId: "mfr_second" };
    expect(await resultOf("envelopes/sample", { sampleEnvelopes: async () => [stranger] })).toBe(
      "fail",
    );
    expect(await resultOf("envelopes/sample", {}, { state: "revoked" })).toBe("fail");
  });

  it("gives an article the worst result of its checks, and unknown where one is missing", async () => {
    const { gdpr } = await report();
    const byArticle = Object.fromEntries(gdpr.map(({ article, result }) => [article, result]));
    expect(byArticle["15, 20"]).toBe("not-checkable-from-here");
    expect(byArticle["32(1)(a), (b), (d)"]).toBe("unknown");
    const failing = await report({}, { region: "us-east-1" });
    expect(failing.gdpr.find(({ article }) => article === "44")?.result).toBe("fail");
  });

  it("says what no program can check here", async () => {
    const { checks } = await report();
    const outside = checks.filter(({ result }) => result === "not-checkable-from-here");
    expect(outside.length).toBeGreaterThanOrEqual(5);
    for (const { evidence } of outside) expect(evidence["reason"]).toEqual(expect.any(String));
  });

  it("has no yes or no to it, and holds neither key nor plaintext", async () => {
    const whole = await report();
    expect(Object.keys(whole).sort()).toEqual([
      "checkedAtMs",
      "checks",
      "fips",
      "gdpr",
      "manufacturerId",
    ]);
    expect(JSON.stringify(whole)).not.toMatch(/compliant|wrappedKey/i);
  });
});
