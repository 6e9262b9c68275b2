import { describe, expect, it } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";
import { codeOf, createClock, createScene } from "./second-step-scene.ts";

const clock = createClock();
const services = useServices(() => clock.now());
const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Consecutive failures of each app of a scene, in the scene's order. */
async function failuresOf(scene: Awaited<ReturnType<typeof createScene>>): Promise<unknown[]> {
  const factors = await scene.factors.listFactors(scene.memberId);
  return scene.apps.map(
    ({ factorId }) => factors.find((factor) => factor.factorId === factorId)?.failures,
  );
}

describe("a code of an authenticator app", () => {
  it.each([20, 100])("makes one session of %i sign-ins at the same moment", async (count) => {
    const scene = await createScene(services, clock);
    const tokens = await Promise.all(Array.from({ length: count }, scene.issueToken));
    const code = scene.code(scene.apps[0]);
    const { fulfilled, rejected } = await race(count, (index) => scene.signIn(code, tokens[index]));
    expect(fulfilled).toHaveLength(1);
    expect(rejected).toHaveLength(count - 1);
    expect(await scene.sessions()).toHaveLength(1);
  });

  it("makes one session of two sign-ins one after the other; the second is on record as a replay", async () => {
    const scene = await createScene(services, clock);
    const code = scene.code(scene.apps[0]);
    await scene.signIn(code);
    await expect(scene.signIn(code)).rejects.toMatchObject({ code: "invalid-code" });
    expect(await scene.sessions()).toHaveLength(1);
    expect(await scene.actions()).toContain("mfa.otp.replayed");
  });

  it("of an older time step than the last one used is refused as a replay", async () => {
    const scene = await createScene(services, clock);
    await scene.signIn(scene.code(scene.apps[0], 1));
    await expect(scene.signIn(scene.code(scene.apps[0]))).rejects.toMatchObject({
      code: "invalid-code",
    });
    expect(await scene.actions()).toContain("mfa.otp.replayed");
  });

  it("that is wrong is no replay", async () => {
    const scene = await createScene(services, clock);
    await expect(scene.signIn(scene.code(scene.apps[0], 50))).rejects.toMatchObject({
      code: "invalid-code",
    });
    expect(await scene.actions()).toEqual(["mfa.otp.refused"]);
  });
});

describe("an mfa token", () => {
  it("makes one session of 50 uses at the same moment, each with a code of its own app", async () => {
    const scene = await createScene(services, clock, 5);
    const mfaToken = await scene.issueToken();
    const { fulfilled } = await race(50, (index) => {
      const app = scene.apps[index % 5];
      return scene.signIn(scene.code(app), mfaToken, app?.factorId);
    });
    expect(fulfilled).toHaveLength(1);
    expect(await scene.sessions()).toHaveLength(1);
  });

  it("is used up across factor kinds, and its second use costs no backup code", async () => {
    const scene = await createScene(services, clock);
    const mfaToken = await scene.issueToken();
    await scene.signIn(scene.code(scene.apps[0]), mfaToken);
    const [code = ""] = scene.backupCodes;
    await expect(scene.signInWithBackupCode(code, mfaToken)).rejects.toMatchObject({
      code: "invalid-mfa-token",
    });
    await expect(scene.signInWithBackupCode(code)).resolves.toMatchObject({ acr: "aal2" });
  });

  it.each([
    ["a password change", { sessionsValidFromMs: Number.MAX_SAFE_INTEGER }],
    ["a removal", { status: "removed" }],
  ])("is void after %s", async (_what, change) => {
    const scene = await createScene(services, clock);
    const mfaToken = await scene.issueToken();
    const { memberId, manufacturerId } = scene;
    await scene.put({
      ...identityKeys.member(manufacturerId, memberId),
      status: "active",
      sessionsValidFromMs: 0,
      endedSessions: {},
      ...change,
    });
    await expect(scene.signIn(scene.code(scene.apps[0]), mfaToken)).rejects.toMatchObject({
      code: "invalid-mfa-token",
    });
    expect(await scene.sessions()).toHaveLength(0);
  });

  it("expires after five minutes", async () => {
    const scene = await createScene(services, clock);
    const mfaToken = await scene.issueToken();
    clock.advance(301_000);
    await expect(scene.signIn(scene.code(scene.apps[0]), mfaToken)).rejects.toMatchObject({
      code: "invalid-mfa-token",
    });
  });
});

describe("wrong codes", () => {
  it("150 at the same moment: at most five are evaluated before the first wait", async () => {
    const scene = await createScene(services, clock);
    const wrong = scene.code(scene.apps[0], 50);
    const { rejected } = await race(150, () => scene.signIn(wrong));
    const evaluated = rejected.filter((reason) => codeOf(reason) === "invalid-code").length;
    expect(rejected).toHaveLength(150);
    expect(evaluated).toBeGreaterThan(0);
    expect(evaluated).toBeLessThanOrEqual(5);
    const waits = rejected.filter((reason) => codeOf(reason) === "too-many-attempts").length;
    expect(evaluated + waits).toBe(150);
  });

  it("never more than 100 are evaluated, however long and in parallel the attack goes on; then the factor is disabled", async () => {
    const scene = await createScene(services, clock);
    const wrong = scene.code(scene.apps[0], 4000);
    let evaluated = 0;
    let isDisabled = false;
    for (let round = 0; round < 130 && !isDisabled; round++) {
      const { rejected } = await race(4, () => scene.signIn(wrong));
      evaluated += rejected.filter((reason) => codeOf(reason) === "invalid-code").length;
      isDisabled = rejected.some((reason) => codeOf(reason) === "factor-disabled");
      clock.advance(3_601_000);
    }
    expect(isDisabled).toBe(true);
    expect(evaluated).toBe(100);
    const [factor] = await scene.factors.listFactors(scene.memberId);
    expect(factor).toMatchObject({ status: "disabled", failures: 100 });
    await expect(scene.signIn(scene.code(scene.apps[0]))).rejects.toMatchObject({
      code: "factor-disabled",
    });
    await expect(scene.signInWithBackupCode(scene.backupCodes[0] ?? "")).resolves.toMatchObject({
      acr: "aal2",
    });
  });

  it("a factor that was out of attempts without saying so is disabled by the next attempt, on one record", async () => {
    const scene = await createScene(services, clock);
    const [factor] = await scene.factors.listFactors(scene.memberId);
    const factorId = scene.apps[0]?.factorId ?? "";
    await scene.put({
      ...identityKeys.factor(scene.memberId, factorId),
      ...factor,
      failures: 100,
      notBeforeMs: 1,
    });
    const { rejected } = await race(20, () => scene.signIn(scene.code(scene.apps[0])));
    expect(rejected.map(codeOf)).toEqual(Array(20).fill("factor-disabled"));
    const [after] = await scene.factors.listFactors(scene.memberId);
    expect(after).toMatchObject({ status: "disabled" });
    expect(await scene.actions()).toEqual(["mfa.factor.disabled"]);
  });

  it("at one factor leave the member's other factors alone", async () => {
    const scene = await createScene(services, clock, 2);
    const [attacked, other] = scene.apps;
    const wrong = scene.code(attacked, 50);
    await race(30, () => scene.signIn(wrong, undefined, attacked?.factorId));
    await expect(
      scene.signIn(scene.code(other), undefined, other?.factorId),
    ).resolves.toMatchObject({ acr: "aal2" });
  });

  it("are forgiven by the right one at its own app; another app that was charged with it gets back that one attempt", async () => {
    const scene = await createScene(services, clock, 2);
    for (let round = 0; round < 3; round++) {
      await expect(scene.signIn(scene.code(scene.apps[0], 50))).rejects.toThrow();
    }
    await scene.signIn(scene.code(scene.apps[1]));
    expect(await failuresOf(scene)).toEqual([3, 0]);
  });

  it("in the wait of another app: the right one gives back that guess and its wait", async () => {
    const scene = await createScene(services, clock, 2);
    const [tablet, phone] = scene.apps;
    const wrong = scene.code(tablet, 50);
    for (let round = 0; round < 5; round++) {
      await expect(scene.signIn(wrong, undefined, tablet?.factorId)).rejects.toThrow();
    }
    clock.advance(31_000);
    await scene.signIn(scene.code(phone));
    expect(await failuresOf(scene)).toEqual([5, 0]);
    await expect(
      scene.signIn(scene.code(tablet), undefined, tablet?.factorId),
    ).resolves.toMatchObject({ acr: "aal2" });
  });

  it("disable an app after 100 in a row, however often another app of the member succeeds in between", async () => {
    const scene = await createScene(services, clock, 2);
    const [tablet, phone] = scene.apps;
    const wrong = scene.code(tablet, 4000);
    let evaluated = 0;
    let isDisabled = false;
    for (let round = 0; round < 120 && !isDisabled; round++) {
      const { rejected } = await race(4, () => scene.signIn(wrong, undefined, tablet?.factorId));
      evaluated += rejected.filter((reason) => codeOf(reason) === "invalid-code").length;
      isDisabled = rejected.some((reason) => codeOf(reason) === "factor-disabled");
      clock.advance(3_601_000);
      await scene.signIn(scene.code(phone));
    }
    expect(isDisabled).toBe(true);
    expect(evaluated).toBe(100);
    const statuses = (await scene.factors.listFactors(scene.memberId)).map(
      ({ factorId, status }) => [factorId === phone?.factorId ? "phone" : "tablet", status],
    );
    expect(Object.fromEntries(statuses)).toEqual({ phone: "active", tablet: "disabled" });
  });
});

describe("an outage", () => {
  /** The manufacturer's key has left the memory, and the service that unwraps it is away. */
  const loseKeyService = () => {
    clock.advance(301_000);
    services.faults({ service: "kms", mode: "error" });
  };

  it("of the key service costs the member no attempt, in parallel or not, before the first wait or after it", async () => {
    const scene = await createScene(services, clock);
    const [app] = scene.apps;
    const failures = async () => (await scene.factors.listFactors(scene.memberId))[0];
    loseKeyService();
    const { rejected } = await race(20, () => scene.signIn(scene.code(app)));
    expect(new Set(rejected.map(codeOf))).toEqual(new Set(["unavailable", "too-many-attempts"]));
    expect(await failures()).toMatchObject({ failures: 0 });
    expect(await failures()).not.toHaveProperty("notBeforeMs");

    services.faults({ service: "kms", mode: "none" });
    for (let count = 0; count < 5; count++) {
      await expect(scene.signIn(scene.code(app, 50))).rejects.toMatchObject({
        code: "invalid-code",
      });
    }
    const waiting = await failures();
    loseKeyService();
    for (let count = 0; count < 3; count++) {
      await expect(scene.signIn(scene.code(app))).rejects.toMatchObject({ code: "unavailable" });
    }
    expect(await failures()).toEqual(waiting);
    services.faults({ service: "kms", mode: "none" });
    await expect(scene.signIn(scene.code(app))).resolves.toMatchObject({ acr: "aal2" });
  });

  it("while a right code is committed costs no attempt; whether it counted decides what is given back", async () => {
    const scene = await createScene(services, clock);
    const [app] = scene.apps;
    const fault = { service: "dynamodb", operation: "TransactWriteItems" } as const;
    services.faults({ ...fault, mode: "error", times: 3 });
    await expect(scene.signIn(scene.code(app))).rejects.toThrow();
    services.faults({ ...fault, mode: "none" });
    expect((await scene.factors.listFactors(scene.memberId))[0]).toMatchObject({ failures: 0 });
    await expect(scene.signIn(scene.code(app))).resolves.toMatchObject({ acr: "aal2" });
  });

  it("gives back no attempt of a wrong code, nor any to a row of failures that was forgiven", async () => {
    const scene = await createScene(services, clock);
    const factorId = scene.apps[0]?.factorId ?? "";
    const place = { memberId: scene.memberId, factorId };
    const taken = await scene.factors.charge(place, "active");
    if (!taken.charged) throw new Error("the first attempt is free");
    await expect(scene.signIn(scene.code(scene.apps[0], 50))).rejects.toThrow();
    const failures = async () => (await scene.factors.listFactors(scene.memberId))[0]?.failures;
    await scene.factors.giveBack(place, taken);
    expect(await failures()).toBe(1);
    const late = await scene.factors.charge(place, "active");
    if (!late.charged) throw new Error("the third attempt is free");
    await scene.signIn(scene.code(scene.apps[0]));
    await expect(scene.signIn(scene.code(scene.apps[0], 50))).rejects.toThrow();
    await scene.factors.giveBack(place, late);
    expect(await failures()).toBe(1);
  });

  it("of one app's key leaves the verdict on the other: it stays charged, the first does not", async () => {
    const scene = await createScene(services, clock, 2);
    const [broken, good] = scene.apps;
    const factors = await scene.factors.listFactors(scene.memberId);
    const [one, other] = [broken, good].map((app) =>
      factors.find(({ factorId }) => factorId === app?.factorId),
    );
    // Sealed for another place: it does not open.
    await scene.put({
      ...identityKeys.factor(scene.memberId, broken?.factorId ?? ""),
      ...one,
      secret: other?.secret,
    });
    const failures = async () =>
      Object.fromEntries(
        (await scene.factors.listFactors(scene.memberId)).map((factor) => [
          factor.factorId,
          factor.failures,
        ]),
      );
    await expect(scene.signIn(scene.code(good, 50))).rejects.toThrow();
    expect(await failures()).toEqual({ [broken?.factorId ?? ""]: 0, [good?.factorId ?? ""]: 1 });
    await expect(scene.signIn(scene.code(good))).resolves.toMatchObject({ acr: "aal2" });
  });
});

describe("a backup code", () => {
  it("makes one session of 100 uses at the same moment", async () => {
    const scene = await createScene(services, clock);
    const tokens = await Promise.all(Array.from({ length: 100 }, scene.issueToken));
    const [code = ""] = scene.backupCodes;
    const { fulfilled, rejected } = await race(100, (index) =>
      scene.signInWithBackupCode(code, tokens[index]),
    );
    expect(fulfilled).toHaveLength(1);
    expect(rejected).toHaveLength(99);
    expect(await scene.sessions()).toHaveLength(1);
  });

  it("works as a person types it, and each of the ten does once", async () => {
    const scene = await createScene(services, clock);
    for (const code of scene.backupCodes) {
      const typed = ` ${code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")}`;
      await expect(scene.signInWithBackupCode(typed)).resolves.toMatchObject({ acr: "aal2" });
      await expect(scene.signInWithBackupCode(code)).rejects.toMatchObject({
        code: "invalid-code",
      });
    }
    expect(await scene.sessions()).toHaveLength(10);
  });
});

describe("the budget", () => {
  it("is two calls for a right code, one for a wrong one, two for a replayed one, and no KMS call; a failure is one more put", async () => {
    const scene = await createScene(services, clock);
    await scene.signIn(scene.code(scene.apps[0], -1));
    const count = async (run: () => Promise<unknown>) => {
      const before = services.calls();
      await run().catch(() => undefined);
      const after = services.calls();
      return {
        dynamodb: total(after.dynamodb) - total(before.dynamodb),
        kms: total(after.kms) - total(before.kms),
      };
    };
    const code = scene.code(scene.apps[0]);
    const token = await scene.issueToken();
    expect(await count(() => scene.signIn(code, token))).toEqual({ dynamodb: 2, kms: 0 });
    expect(await count(() => scene.signIn(scene.code(scene.apps[0], 50)))).toEqual({
      dynamodb: 1 + 1,
      kms: 0,
    });
    expect(await count(() => scene.signIn(code))).toEqual({ dynamodb: 2 + 1, kms: 0 });
    const [backupCode = ""] = scene.backupCodes;
    expect(await count(() => scene.signInWithBackupCode(backupCode))).toEqual({
      dynamodb: 1,
      kms: 0,
    });
    expect(await count(() => scene.signInWithBackupCode(backupCode))).toEqual({
      dynamodb: 1 + 1,
      kms: 0,
    });
  });
});
