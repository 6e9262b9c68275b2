import { describe, expect, test } from "vitest";
import { signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import { setOfKeys } from "./spoil-keys.ts";

const stack = useStack();
const daySeconds = 86_400;
const run = () => stack.invoke("rotateAgedKeys", {});

/** An owner, and the states of the manufacturer's key versions as they see them. */
async function createOwner() {
  const owner = await signUpWithFactor(stack, { taxId: "DE811569869" });
  const token = async () => (await signIn(stack, owner)).accessToken;
  return {
    ...owner,
    token,
    states: async () => {
      const { body } = await stack.http.get("/v1/encryption/keys", { token: await token() });
      return Object.fromEntries(
        body.items.map(({ keyId, state }: Record<string, string>) => [keyId, state]),
      );
    },
  };
}

describe("a manufacturer's keys", () => {
  test("rotate at 90 days and not a day earlier; what the platform keeps moves to the new version; it is on record", async () => {
    const owner = await createOwner();
    stack.advanceClock(89 * daySeconds);
    await run();
    const first = { "envelope#000001": "enabled", "record#000001": "enabled" };
    expect(await owner.states()).toEqual(first);
    stack.advanceClock(daySeconds);
    await run();
    const second = {
      "envelope#000001": "retiring",
      "envelope#000002": "enabled",
      "record#000001": "retiring",
      "record#000002": "enabled",
    };
    expect(await owner.states()).toEqual(second);
    await run();
    expect(await owner.states()).toEqual(second);

    await stack.invoke("runReEncryptJobs", {});
    stack.advanceClock(26 * 60);
    await stack.invoke("runReEncryptJobs", {});
    expect(await owner.states()).toMatchObject({ "record#000001": "blocked" });
    const token = await owner.token();
    expect((await stack.http.get("/v1/manufacturers/me", { token })).body.taxId).toBe(
      "DE811569869",
    );
    const { body } = await stack.http.get("/v1/audit?action=encryption.key", { token });
    const rotations = body.items.map(
      ({ actorId, details, subjectId }: Record<string, unknown>) => ({
        actorId,
        details,
        subjectId,
      }),
    );
    expect(rotations).toHaveLength(2);
    expect(rotations).toContainEqual({
      subjectId: "record#000002",
      details: { reason: "age" },
    });
  });

  test("rotate as often as the settings say, and never where they say so", async () => {
    const often = await createOwner();
    const never = await createOwner();
    const set = async (token: string, rotateEveryDays: number | null) =>
      stack.http.put("/v1/encryption/settings", { token, body: { rotateEveryDays } });
    await set(await often.token(), 7);
    await set(await never.token(), null);
    stack.advanceClock(7 * daySeconds);
    await run();
    expect(await often.states()).toMatchObject({ "envelope#000002": "enabled" });
    stack.advanceClock(400 * daySeconds);
    await run();
    expect(await often.states()).toMatchObject({ "envelope#000003": "enabled" });
    expect(await never.states()).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
  });

  test("that are about to be erased are left alone", async () => {
    const owner = await createOwner();
    await setOfKeys(stack, owner.manufacturerId, "state", "erasure-pending");
    stack.advanceClock(100 * daySeconds);
    await run();
    await setOfKeys(stack, owner.manufacturerId, "state", "active");
    expect(await owner.states()).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
  });
});
