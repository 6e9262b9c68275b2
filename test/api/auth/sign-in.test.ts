import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, newEmail, password, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { setLoginAttribute } from "../../support/stored-login.ts";

const stack = useStack();
const post = (body: Record<string, unknown>) => stack.http.post("/v1/auth/sign-in", { body });
const wrong = "not the right password";

describe("200", () => {
  test("the tokens say who signed in, how and where, and a device token comes along", async () => {
    const owner = await signUp(stack);
    const { status, body, headers } = await post({ email: owner.email, password });
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({
      tokenType: "Bearer",
      expiresInSeconds: 600,
      acr: "aal1",
      amr: ["pwd"],
    });
    expect(claimsOf(body.accessToken)).toMatchObject({
      iss: stack.url,
      aud: stack.url,
      sub: owner.memberId,
      mid: owner.manufacturerId,
      roles: ["owner"],
      acr: "aal1",
    });
    expect(body.knownDevice).toMatch(/^[\w-]{43}$/);
  });

  test("a known device keeps its token, an unknown one is given its own", async () => {
    const owner = await signUp(stack);
    const known = await post({ email: owner.email, password, knownDevice: owner.knownDevice });
    expect(known.body.knownDevice).toBe(owner.knownDevice);
    const invented = "A".repeat(43);
    const unknown = await post({ email: owner.email, password, knownDevice: invented });
    expect(unknown.body.knownDevice).not.toBe(invented);
    const afresh = await post({ email: owner.email, password });
    expect(afresh.body.knownDevice).not.toBe(owner.knownDevice);
  });

  test("the password is the same whichever way its letters are composed", async () => {
    const composed = "Gr\u00fcne \u00c4pfel im Korb";
    const owner = await signUp(stack);
    await stack.http.post("/v1/auth/password/change", {
      token: owner.accessToken,
      body: { current: password, new: composed },
    });
    await signIn(stack, { email: owner.email, password: composed.normalize("NFD") });
  });

  test("warm, it costs three calls: charge, member, commit; cold, the keys and secrets once more", async () => {
    const owner = await signUp(stack);
    const { email, knownDevice } = owner;
    const run = () => post({ email, password, knownDevice });
    stack.coldStart();
    // The signing keys by one query, the three secrets by another; each of the four is unwrapped.
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 5, kms: 4 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 3, kms: 0 });
    stack.advanceClock(301);
    expect((await countCalls(stack, run)).kms).toBe(4);
  });

  test("a lost response neither refuses nor doubles a sign-in", async () => {
    const owner = await signUp(stack);
    stack.faults({
      service: "dynamodb",
      mode: "lose-response",
      times: 1,
      operation: "TransactWriteItems",
    });
    const { body, status } = await post({ email: owner.email, password });
    expect(status).toBe(200);
    const { body: list } = await stack.http.get("/v1/auth/sessions", { token: body.accessToken });
    expect(list.items).toHaveLength(2);
  });

  test("a conflict that passes is waited out", async () => {
    const owner = await signUp(stack);
    for (const operation of ["UpdateItem", "TransactWriteItems"]) {
      stack.faults({ service: "dynamodb", mode: "conflict", times: 2, operation });
      expect((await post({ email: owner.email, password })).status).toBe(200);
    }
  });
});

describe("401", () => {
  test("an unknown address and a wrong password are one: bytes, status and calls", async () => {
    const { email } = await signUp(stack);
    const stranger = newEmail();
    // However far the clock has been moved: nothing that was refused is sent again.
    stack.advanceClock(3600);
    for (const knownDevice of [undefined, "A".repeat(43)]) {
      const known = { email, password: wrong, ...(knownDevice && { knownDevice }) };
      const unknown = { ...known, email: stranger };
      const answers = [await post(known), await post(unknown)];
      expect(answers[0]).toMatchObject(problemAnswer("invalid-credentials"));
      const [one, other] = answers.map(withoutInstance);
      expect(one).toEqual(other);
      const counts = await countCalls(stack, () => post(known));
      expect(await countCalls(stack, () => post(unknown))).toEqual(counts);
      expect(counts).toEqual({ dynamodb: knownDevice ? 3 : 2, kms: 0 });
    }
  });

  test("a refusal is on record in the member's own manufacturer, without the password", async () => {
    const owner = await signUp(stack);
    await post({ email: owner.email, password: wrong });
    const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
    expect(body.items[0]).toMatchObject({
      action: "auth.password.refused",
      outcome: "failure",
      subjectId: owner.memberId,
    });
    expect(JSON.stringify([body, stack.logLines()])).not.toContain(wrong);
  });
});

describe("500", () => {
  test("what should never be stored fails with a fixed text; the log alone says why", async () => {
    const owner = await signUp(stack);
    await setLoginAttribute(stack, owner, "passwordHash", "$unknown$");
    const answer = await post({ email: owner.email, password });
    expect(answer).toMatchObject(problemAnswer("internal"));
    expect(answer.body.detail).toBeUndefined();
    const causes = stack.logLines().filter(({ line }) => line.includes("not a PHC string"));
    expect(causes).not.toEqual([]);
  });
});

describe("503", () => {
  test.each(["throttle", "error", "lose-response"] as const)(
    "a database that answers with %s is told as an outage",
    async (mode) => {
      const { email } = await signUp(stack);
      stack.faults({ service: "dynamodb", mode });
      const answer = await post({ email, password });
      expect(answer).toMatchObject(problemAnswer("unavailable"));
      expect(answer.headers.get("retry-after")).toBe("1");
    },
  );

  test("a key service that is down is told as an outage, and no token is made without it", async () => {
    const { email } = await signUp(stack);
    stack.coldStart();
    stack.faults({ service: "kms", mode: "error" });
    expect(await post({ email, password })).toMatchObject(problemAnswer("unavailable"));
  });
});
