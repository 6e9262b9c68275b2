import type { KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { checkKmsKey } from "../../../lib/encryption/kms-key-evidence.ts";

/** A check of a key to which KMS answers this. */
async function check(id: string, answer: object) {
  const checks = await checkKmsKey({
    kms: { send: async () => answer } as unknown as KMSClient,
    kmsKeyArn: "arn:aws:kms:eu-central-1:000000000000:key/a",
    region: "eu-central-1",
    now: () => 0,
  });
  return checks.find((one) => one.id === id);
}

const checkPolicy = (...statements: Record<string, unknown>[]) =>
  check("kms/policy", { Policy: JSON.stringify({ Statement: statements }) });

const allow = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
const account = "arn:aws:iam::000000000000:root";
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
      AWS: [account, "000000000000", role, "AIDAEXAMPLE", "arn:aws:iam::111111111111:root"],
      Service: "dynamodb.amazonaws.com",
    };
    const found = await checkPolicy({ ...allow, Principal });
    expect(found?.evidence).toMatchObject({
      statements: [
        {
          principals: [
            "account",
            "account",
            "role",
            "foreign",
            "foreign",
            "dynamodb.amazonaws.com",
          ],
        },
      ],
    });
    expect(JSON.stringify(found)).not.toMatch(/arn:|\d{12}/);
  });

  it.each([
    ["its own account", { AWS: account }],
    ["its own account by number", { AWS: "000000000000" }],
    ["roles and users of its own account", { AWS: [role, "arn:aws:iam::000000000000:user/ada"] }],
  ])("passes when it allows %s", async (_, Principal) => {
    expect(await checkPolicy({ ...allow, Principal })).toMatchObject({ result: "pass" });
  });

  it.each([
    ["anybody", "*"],
    ["anybody, spelled as AWS", { AWS: "*" }],
    ["anybody among others", { AWS: [role, "*"] }],
    ["another account", { AWS: "arn:aws:iam::111111111111:root" }],
    ["another account by number", { AWS: ["000000000000", "111111111111"] }],
    ["another account's role", { AWS: "arn:aws:iam::111111111111:role/decrypt" }],
    ["an id of somebody who was deleted", { AWS: "AROAEXAMPLE" }],
    ["a pattern", { AWS: "arn:aws:iam::000000000000:role/*" }],
    ["a service", { Service: "ec2.amazonaws.com" }],
    ["an identity provider", { Federated: "accounts.google.com" }],
  ])("fails when it allows %s, and passes when it denies them", async (_, Principal) => {
    expect(await checkPolicy({ ...allow, Principal })).toMatchObject({ result: "fail" });
    expect(await checkPolicy({ ...allow, Effect: "Deny", Principal })).toMatchObject({
      result: "pass",
    });
  });

  it("fails when it allows everybody but one", async () => {
    expect(await checkPolicy({ ...allow, NotPrincipal: { AWS: role } })).toMatchObject({
      result: "fail",
    });
  });

  const own = "000000000000";
  it.each([
    ["pass", { StringEquals: { "kms:CallerAccount": own } }],
    ["pass", { StringEquals: { "aws:PrincipalAccount": [own], "kms:ViaService": "s3" } }],
    ["fail", { Bool: { "aws:SecureTransport": "true" } }],
    ["fail", { StringLike: { "kms:CallerAccount": "*" } }],
    ["fail", { StringEquals: { "kms:CallerAccount": [own, "111111111111"] } }],
    ["fail", { StringEquals: { "kms:CallerAccount": [] } }],
    ["fail", { StringNotEquals: { "kms:CallerAccount": own } }],
    ["fail", { StringEqualsIfExists: { "kms:CallerAccount": own } }],
    ["fail", { StringEquals: { "kms:ViaService": "dynamodb.eu-central-1.amazonaws.com" } }],
    ["fail", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }],
  ])("%s: anybody under %j", async (result, Condition) => {
    expect(await checkPolicy({ ...allow, Principal: "*", Condition })).toMatchObject({ result });
  });

  it("does not let a condition excuse a foreign principal", async () => {
    const Condition = { StringEquals: { "kms:CallerAccount": own } };
    const Principal = { AWS: "arn:aws:iam::111111111111:root" };
    expect(await checkPolicy({ ...allow, Principal, Condition })).toMatchObject({ result: "fail" });
  });

  it("that allows nothing is a failure as well", async () => {
    expect(await checkPolicy()).toMatchObject({ result: "fail" });
  });
});

describe("grants", () => {
  it.each([
    ["pass", []],
    ["pass", [role]],
    ["fail", ["arn:aws:iam::111111111111:role/decrypt"]],
    ["fail", [role, "dynamodb.eu-central-1.amazonaws.com"]],
  ])("%s: to %j", async (result, grantees) => {
    const Grants = grantees.map((GranteePrincipal) => ({
      GranteePrincipal,
      Operations: ["Decrypt"],
    }));
    expect(await check("kms/grants", { Grants })).toMatchObject({ result });
  });
});
