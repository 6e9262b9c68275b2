import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

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
    expect(byId["keys/residency"]?.result).toBe("pass");
    // The sealed part of the profile and the owner's TOTP secret are envelopes of ours: both are looked at.
    expect(byId["envelopes/sample"]).toMatchObject({
      result: "pass",
      evidence: { sampled: 2, byKeyId: { "record#000001": 2 }, wrong: 0 },
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
    expect(ofKms.map(({ result }) => result)).toEqual(["unknown", "unknown", "unknown"]);
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
    // The fresh access item, the keys, their versions twice, members, their factors and the profile,
    // and two facts on the table, since the emulator leaves one of them unknown. What is known of the
    // key is looked up once a minute.
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 9, kms: 0 });
    stack.advanceClock(60);
    // And the platform's public keys, which are a minute old by then.
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 10, kms: 3 });
  });
});
