import {
  CreateGrantCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { countCalls } from "../../support/count-calls.ts";
import { signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import { stackDocuments } from "../../support/stack-documents.ts";
import { setOfVersion } from "./spoil-keys.ts";

const stack = useStack();
const check = (token: string) => stack.http.get("/v1/encryption/compliance", { token });
interface Check {
  id: string;
  result: string;
  evidence: Record<string, unknown>;
}

describe("200", () => {
  test("says what was seen, and what cannot be seen from here", async () => {
    const { accessToken } = await signUpWithFactor(stack, { taxId: "DE811569869" });
    const { status, body } = await check(accessToken);
    expect(status).toBe(200);
    const checks: Check[] = body.checks;
    const byId = Object.fromEntries(checks.map((one) => [one.id, one]));
    for (const [id, { result }] of Object.entries(byId)) {
      if (id.startsWith("self-test/")) expect([id, result]).toEqual([id, "pass"]);
      if (id.startsWith("outside/")) expect(result).toBe("not-checkable-from-here");
    }
    expect(byId["kms/key"]?.result).toBe("pass");
    expect(byId["kms/rotation"]?.result).toBe("pass");
    expect(byId["kms/policy"]?.result).toBe("pass");
    expect(byId["kms/grants"]?.result).toBe("pass");
    expect(byId["keys/residency"]?.result).toBe("pass");
    expect(byId["keys/age"]).toMatchObject({ result: "pass", evidence: { rotateEveryDays: 90 } });
    // The sealed part of the profile and the owner's TOTP secret are envelopes of ours: both are looked at.
    expect(byId["envelopes/sample"]).toMatchObject({
      result: "pass",
      evidence: { sampled: 2, opened: 2, unsealed: 0, byKeyId: { "record#000001": 2 }, wrong: 0 },
    });
    expect(body.fips.state).toBe("off");
    expect(body.fips.caveats.length).toBeGreaterThan(0);
    expect(body.gdpr.map(({ article }: { article: string }) => article)).toContain("17");
    expect(JSON.stringify(body)).not.toContain("DE811569869");
    // Where the platform is built is nothing that a tenant needs to know.
    expect(JSON.stringify(body)).not.toMatch(/arn:|\b\d{12}\b|key\/[0-9a-f]{8}-/);
  });

  test("a passed check means that the database stated it: the emulator's table is no evidence", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const checks: Check[] = (await check(accessToken)).body.checks;
    for (const { evidence, id, result } of checks.filter(({ id }) => id.startsWith("table/"))) {
      expect([id, result === "pass"]).toEqual([id, evidence["status"] === "ENABLED"]);
    }
  });

  test("what cannot be looked up is unknown, never passed", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    stack.coldStart();
    stack.faults({ service: "kms", mode: "error" });
    const checks: Check[] = (await check(accessToken)).body.checks;
    const ofKms = checks.filter(({ id }) => id.startsWith("kms/"));
    expect(ofKms.map(({ result }) => result)).toEqual(Array(4).fill("unknown"));
    stack.faults({ service: "kms", mode: "none" });
    const again: Check[] = (await check(accessToken)).body.checks;
    expect(again.find(({ id }) => id === "kms/key")?.result).toBe("pass");
  });

  test("never sums up to a verdict", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const run = async () => {
      const { body } = await check(accessToken);
      expect(JSON.stringify(body)).not.toMatch(/"(is)?compliant"/i);
    };
    await run();
    // The fresh access item, the keys, their versions, members, their factors and the profile, and three
    // facts on the keys table, since the emulator leaves one of them unknown. What is known of the key
    // and of other tables is looked up once a minute.
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 9, kms: 0 });
    stack.advanceClock(60);
    // And the platform's public keys, the other three tables, and once more the keys, since whoever
    // opens the sample has a copy that is older than 30 seconds.
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 14, kms: 4 });
  });
});

/** The results of the checks that are named, once what was seen a minute ago is forgotten. */
async function resultsOf(token: string, ...ids: string[]) {
  stack.coldStart();
  const checks: Check[] = (await check(token)).body.checks;
  return ids.map((id) => checks.find((one) => one.id === id)?.result);
}

describe("200 with a failed check", () => {
  test("a stored field of which one character was changed, and one that is not sealed", async () => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack, { taxId: "DE811569869" });
    const setSensitive = (path: string, value: unknown) =>
      stackDocuments(stack).send(
        new UpdateCommand({
          TableName: stack.tableNames.identity,
          Key: identityKeys.profile(manufacturerId),
          UpdateExpression: `SET ${path} = :value`,
          ExpressionAttributeNames: { "#sensitive": "sensitive" },
          ExpressionAttributeValues: { ":value": value },
        }),
      );
    expect(await resultsOf(accessToken, "envelopes/sample")).toEqual(["pass"]);
    await setSensitive("#sensitive.ciphertext", "AAAA");
    expect(await resultsOf(accessToken, "envelopes/sample")).toEqual(["fail"]);
    await setSensitive("#sensitive", { taxId: "DE811569869" });
    expect(await resultsOf(accessToken, "envelopes/sample")).toEqual(["fail"]);
  });

  test("a key version that another account's key is said to have wrapped", async () => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack);
    const version = { manufacturerId, keyId: "envelope#000001" };
    const foreign = `arn:aws:kms:${region}:111111111111:key/a`;
    await setOfVersion(stack, version, "kmsKeyArn", foreign);
    expect(await resultsOf(accessToken, "keys/residency")).toEqual(["fail"]);
  });

  test("a KMS key that is not rotated, is disabled, or that strangers may use by policy or grant", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const kms = new KMSClient({ endpoint: stack.endpoints.kms, region, credentials });
    const KeyId = "alias/manufacturer-security-local-manufacturer";
    const look = () =>
      resultsOf(accessToken, "kms/key", "kms/rotation", "kms/policy", "kms/grants");
    expect(await look()).toEqual(["pass", "pass", "pass", "pass"]);

    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    await kms.send(new DisableKeyRotationCommand({ KeyId }));
    expect(await look()).toEqual(["pass", "fail", "pass", "pass"]);
    await kms.send(new EnableKeyRotationCommand({ KeyId }));

    const Statement = [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ];
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ Statement }) }));
    const grant = await kms.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: "arn:aws:iam::111111111111:role/reader",
        Operations: ["Decrypt"],
      }),
    );
    expect(await look()).toEqual(["pass", "pass", "fail", "fail"]);
    await kms.send(new RevokeGrantCommand({ KeyId, GrantId: grant.GrantId }));
    expect(await look()).toEqual(["pass", "pass", "fail", "pass"]);

    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    await kms.send(new DisableKeyCommand({ KeyId }));
    expect((await look())[0]).toBe("fail");
    await kms.send(new EnableKeyCommand({ KeyId }));
  });
});
