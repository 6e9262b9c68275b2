import type { KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { checkKmsKey } from "../../../lib/encryption/kms-key-evidence.ts";

/** The check of a key that has this policy. */
async function checkPolicy(...statements: Record<string, unknown>[]) {
  const kms = { send: async () => ({ Policy: JSON.stringify({ Statement: statements }) }) };
  const checks = await checkKmsKey({
    kms: kms as unknown as KMSClient,
    kmsKeyArn: "arn:aws:kms:eu-central-1:000000000000:key/a",
    region: "eu-central-1",
    now: () => 0,
  });
  return checks.find(({ id }) => id === "kms/policy");
}

const allow = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
const role = "arn:aws:iam::000000000000:role/decrypt";

describe("key policy", () => {
  it("is shown by who may do what under which conditions", async () => {
    const Condition = { StringEquals: { "kms:EncryptionContext:mid": "mfr_1" } };
    expect(await checkPolicy({ ...allow, Principal: { AWS: role }, Condition })).toMatchObject({
      result: "pass",
      evidence: {
        statements: [
          {
            effect: "Allow",
            principals: ["role"],
            actions: "kms:Decrypt",
            conditions: ["kms:EncryptionContext:mid"],
          },
        ],
      },
    });
  });

  it("names kinds of principals and services, never accounts or roles", async () => {
    const Principal = {
      AWS: ["arn:aws:iam::000000000000:root", "000000000000", role, "AIDAEXAMPLE"],
      Service: "dynamodb.amazonaws.com",
    };
    const check = await checkPolicy({ ...allow, Principal });
    expect(check?.evidence).toMatchObject({
      statements: [
        { principals: ["account", "account", "role", "other", "dynamodb.amazonaws.com"] },
      ],
    });
    expect(JSON.stringify(check)).not.toMatch(/arn:|\d{12}/);
  });

  it.each([["*"], [{ AWS: "*" }], [{ AWS: [role, "*"] }]])(
    "fails when it allows %j without a condition",
    async (Principal) => {
      expect(await checkPolicy({ ...allow, Principal })).toMatchObject({ result: "fail" });
      expect(await checkPolicy({ ...allow, Effect: "Deny", Principal })).toMatchObject({
        result: "pass",
      });
    },
  );

  it("that allows nothing is a failure as well", async () => {
    expect(await checkPolicy()).toMatchObject({ result: "fail" });
  });
});
