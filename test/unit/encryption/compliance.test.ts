import { describe, expect, it } from "vitest";
import type { SealedField } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import { runCheck } from "../../../lib/encryption/compliance-check.ts";
import { generateVersion } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { collectFipsEvidence } from "../../../lib/encryption/fips-evidence.ts";
import { KeyRing } from "../../../lib/encryption/key-ring.ts";
import type { KeyVersion, ManufacturerKeys } from "../../../lib/encryption/manufacturer-keys.ts";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";
import { sealField } from "../../../lib/encryption/seal-field.ts";
import { runSelfTests } from "../../../lib/encryption/self-test.ts";
import type { ComplianceDependencies } from "../../../lib/encryption/validate-encryption-compliance.ts";
import { validateEncryptionCompliance } from "../../../lib/encryption/validate-encryption-compliance.ts";
import { createProcessKeyHierarchy } from "./process-key-hierarchy.ts";

const manufacturerId = "mfr_first";
const region = "eu-central-1";
const now = () => 1000;
const dayMs = 86_400_000;
const place = { manufacturerId, pk: "MFR#mfr_first", sk: "PROFILE", attribute: "sensitive" };

const active: ManufacturerKeys = {
  manufacturerId,
  state: "active",
  region,
  salt: Buffer.alloc(32),
  epoch: 1,
  newest: { envelope: 1, record: 1 },
  createdAtMs: 0,
};

/** What is stored of a manufacturer with one record version and one sealed field. */
async function createStored(version: Partial<KeyVersion>) {
  const hierarchy = createProcessKeyHierarchy(region);
  const key = await generateVersion(
    { hierarchy, now },
    { manufacturerId, purpose: "record", version: 1 },
  );
  const ringOf = (stored: KeyVersion) =>
    new KeyRing({
      hierarchy,
      now,
      readManufacturerKeys: async () => active,
      readVersion: async () => stored,
      isErased: async () => false,
    });
  const sealing = { keyRing: ringOf(key), random: createRandomPool(), now, fips: "off" } as const;
  const envelope = await sealField(sealing, place, Buffer.from("{}"));
  const stored = { ...key, ...version };
  return { hierarchy, key, stored, keyRing: ringOf(stored), field: { place, envelope } };
}

async function report(
  changes: Partial<ComplianceDependencies> = {},
  version: Partial<KeyVersion> = {},
  alter: (field: SealedField) => SealedField = (field) => field,
) {
  const { field, key, keyRing, stored } = await createStored(version);
  return validateEncryptionCompliance(
    {
      now,
      fips: "off",
      region,
      kmsKeyArn: key.kmsKeyArn,
      keyRing,
      collectFipsEvidence: () => collectFipsEvidence({}),
      checkKmsKey: async () => [],
      checkTables: async () => [],
      readManufacturerKeys: async () => active,
      listVersions: async () => [stored],
      sampleFields: async () => ({ fields: [alter(field)], unsealed: [] }),
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
    expect(
      await resultOf("envelopes/sample", {
        sampleFields: async () => ({ fields: [], unsealed: [] }),
      }),
    ).toBe("unknown");
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
    [
      "a KMS key of another region",
      { kmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/process" },
    ],
    ["another account's", { kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/process" }],
    ["another KMS key", { kmsKeyArn: "arn:aws:kms:eu-central-1:000000000000:key/other" }],
  ])("fails residency with %s", async (_, version) => {
    expect(await resultOf("keys/residency", {}, version)).toBe("fail");
  });

  it.each([
    ["90 days and one of slack", {}, 91, "pass"],
    ["a day more", {}, 92, "fail"],
    ["what the manufacturer has set", { rotateEveryDays: 30 }, 32, "fail"],
    ["a year, where rotation is off", { rotateEveryDays: null }, 366, "pass"],
    ["more than a year, where rotation is off", { rotateEveryDays: null }, 367, "fail"],
  ])("judges the age of the key that seals: %s", async (_, settings, days, result) => {
    const changes = {
      now: () => 1000 + days * dayMs,
      readManufacturerKeys: async () => ({ ...active, ...settings }),
    };
    expect(await resultOf("keys/age", changes)).toBe(result);
  });

  it("fails erasure where a destroyed key is still stored", async () => {
    expect(await resultOf("keys/erasure", {}, { state: "destroyed" })).toBe("fail");
  });

  it.each(["enabled", "retiring", "revoked", "destroyed"] as const)(
    "fails erasure where an erased manufacturer has a key that is %s and still stored",
    async (state) => {
      const { salt: _, ...unsalted } = active;
      const readManufacturerKeys = async () => ({ ...unsalted, state: "erased" }) as const;
      expect(await resultOf("keys/erasure", { readManufacturerKeys }, { state })).toBe("fail");
    },
  );

  it("fails erasure where only the salt of an erased manufacturer is left", async () => {
    const changes = {
      listVersions: async () => [],
      readManufacturerKeys: async () => ({ ...active, state: "erased" }) as const,
    };
    expect(await resultOf("keys/erasure", changes)).toBe("fail");
  });

  it("opens what it samples, and fails one changed character", async () => {
    expect(await resultOf("envelopes/sample")).toBe("pass");
    const changeLast = ({ envelope, ...field }: SealedField): SealedField => {
      const { ciphertext } = envelope;
      const changed = ciphertext.startsWith("A") ? "B" : "A";
      return { ...field, envelope: { ...envelope, ciphertext: changed + ciphertext.slice(1) } };
    };
    const { checks } = await report({}, {}, changeLast);
    expect(checks.find(({ id }) => id === "envelopes/sample")).toMatchObject({
      result: "fail",
      evidence: { sampled: 1, opened: 0, wrong: 1, byRefusal: { "ciphertext-tampered": 1 } },
    });
  });

  it.each([
    ["a stranger's envelope", { manufacturerId: "mfr_second" }],
    ["one that names another region", { region: "us-east-1" }],
    ["one that was moved here from another place", { context: { pk: "MFR#other" } }],
  ])("fails a sample that holds %s", async (_, changed) => {
    const alter = ({ envelope, ...field }: SealedField) => ({
      ...field,
      envelope: { ...envelope, ...changed },
    });
    expect(await resultOf("envelopes/sample", {}, {}, alter)).toBe("fail");
  });

  it("fails a sample whose key is withdrawn, and one that is not sealed at all", async () => {
    expect(await resultOf("envelopes/sample", {}, { state: "revoked" })).toBe("fail");
    const sampleFields = async () => ({ fields: [], unsealed: [place] });
    const { checks } = await report({ sampleFields });
    expect(checks.find(({ id }) => id === "envelopes/sample")).toMatchObject({
      result: "fail",
      evidence: { sampled: 1, unsealed: 1, wrong: 1 },
    });
  });

  it("knows nothing of a sample while the key service does not answer", async () => {
    const { hierarchy, keyRing } = await createStored({});
    hierarchy.refusal = "kms-unavailable";
    expect(await resultOf("envelopes/sample", { keyRing })).toBe("unknown");
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
