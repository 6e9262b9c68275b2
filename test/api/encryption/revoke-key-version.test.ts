import { describe, expect, test } from "vitest";
import { inviteMember, signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack({ environments: 2 });
const revoke = (token: string, version: string, query = "", body?: object) =>
  stack.http.post(`/v1/encryption/keys/${version}/revoke${query}`, {
    token,
    ...(body && { body }),
  });

describe("200", () => {
  test("from effectiveAt on every environment refuses the version, and sealing goes on with the next", async () => {
    const owner = await signUpWithFactor(stack);
    const token = owner.accessToken;
    const encrypt = () => stack.http.post("/v1/encryption/encrypt", { body: { data: 1 }, token });
    const { envelope } = (await encrypt()).body;
    const open = () => stack.http.post("/v1/encryption/decrypt", { body: { envelope }, token });
    // Every environment has the key in memory.
    for (let call = 0; call < 4; call += 1) expect((await open()).status).toBe(200);
    await encrypt();
    stack.advanceClock(10);

    const { status, body } = await revoke(token, "1");
    expect(status).toBe(200);
    expect(body).toMatchObject({ keyId: "envelope#000001", state: "revoking" });
    expect(body.cost).toBeUndefined();
    // Two environments in turn: both still seal with the version that they know.
    const late = [(await encrypt()).body.envelope, (await encrypt()).body.envelope];
    expect(late.map(({ keyId }) => keyId)).toEqual(["envelope#000001", "envelope#000001"]);
    expect(Date.parse(body.effectiveAt) - Date.parse(body.revokedAt)).toBe(30_000);
    stack.advanceClock((Date.parse(body.effectiveAt) - stack.now()) / 1000);
    for (let call = 0; call < 4; call += 1) {
      expect(await open()).toMatchObject(problemAnswer("key-revoked"));
    }
    expect((await encrypt()).body.envelope.keyId).toBe("envelope#000002");
    for (const kept of [...late, ...late]) {
      expect(
        (await stack.http.post("/v1/encryption/decrypt", { body: { envelope: kept }, token }))
          .status,
      ).toBe(200);
    }

    const audit = await stack.http.get("/v1/audit", { token });
    const changes = audit.body.items
      .filter(({ action }: { action: string }) => action.startsWith("encryption.key."))
      .map(({ action, subjectId }: { action: string; subjectId: string }) => [action, subjectId]);
    expect(changes.sort()).toEqual([
      ["encryption.key.revoked", "envelope#000001"],
      ["encryption.key.rotated", "envelope#000002"],
    ]);
  });

  test("asking again answers the first time", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const first = await revoke(accessToken, "1");
    stack.advanceClock(5);
    expect((await revoke(accessToken, "1")).body).toEqual(first.body);
  });
});

describe("200 with a body", () => {
  test("by force it is withdrawn at once, and the answer says what that costs", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const { status, body } = await revoke(accessToken, "1", "", { force: true });
    expect([status, body.state]).toEqual([200, "revoked"]);
    expect(body.cost).toContain("envelope#000001");
    expect(body.lateSealsUntil).toBeUndefined();
  });

  test("with a grace it opens for that long, and the list of keys says until when", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const { body } = await revoke(accessToken, "1", "", { graceSeconds: 3600 });
    expect(Date.parse(body.effectiveAt) - Date.parse(body.revokedAt)).toBe(3_600_000);
    const list = async () =>
      (await stack.http.get("/v1/encryption/keys", { token: accessToken })).body.items[0];
    expect(await list()).toMatchObject({ state: "revoking", effectiveAt: body.effectiveAt });
  });
});

describe("400, 403, 404", () => {
  test("a version that is no number, and one that was never made", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    expect(await revoke(accessToken, "0")).toMatchObject(problemAnswer("invalid-request"));
    for (const graceSeconds of [29, 7_776_001, 0.5, "60"]) {
      expect(await revoke(accessToken, "1", "", { graceSeconds })).toMatchObject(
        problemAnswer("invalid-request"),
      );
    }
    expect(await revoke(accessToken, "7")).toMatchObject(problemAnswer("key-version-unknown"));
  });

  test("an editor does not revoke", async () => {
    const editor = await inviteMember(stack, await signUpWithFactor(stack), "editor");
    expect(await revoke(editor.accessToken, "1")).toMatchObject(problemAnswer("forbidden"));
  });
});

describe("409", () => {
  test("a version that second factors are sealed with stays until they have moved: nobody is locked out", async () => {
    const owner = await signUpWithFactor(stack);
    const withdraw = (token: string) => revoke(token, "1", "?purpose=record");
    expect(await withdraw(owner.accessToken)).toMatchObject(problemAnswer("key-version-in-use"));
    await stack.http.post("/v1/encryption/keys/rotate?purpose=record", {
      token: owner.accessToken,
    });
    expect(await withdraw(owner.accessToken)).toMatchObject(problemAnswer("key-version-in-use"));
    stack.advanceClock(60);
    const again = await signIn(stack, owner);
    await stack.invoke("runReEncryptJobs", {});
    stack.advanceClock(26 * 60);
    await stack.invoke("runReEncryptJobs", {});
    const { accessToken: token } = await signIn(stack, again);
    expect((await withdraw(token)).status).toBe(200);
    stack.advanceClock(60);
    expect((await signIn(stack, owner)).accessToken).toEqual(expect.any(String));
  });
});
