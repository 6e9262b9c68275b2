import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import {
  createFirstOperator,
  newEmail,
  password,
  readLinkToken,
  signIn,
  signUp,
  signUpRequest,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";
import { dumpTable } from "../../support/stack-documents.ts";
import { setOfKeys } from "../encryption/spoil-keys.ts";

const stack = useStack();
const secrets = {
  licenseNumber: "LIC-SECRET-4711",
  taxId: "TAX-SECRET-4711",
  contact: { email: "secret-contact@rohrwerk.example", phone: "+493055544433" },
};
const texts = [secrets.licenseNumber, secrets.taxId, secrets.contact.email, secrets.contact.phone];

describe("numbers and contact of a manufacturer", () => {
  test("are in no table in the clear, neither before nor after the address is verified, and are read and exported as sent", async () => {
    const email = newEmail();
    const sent = signUpRequest(email, secrets);
    await stack.http.post("/v1/manufacturers", { body: sent });
    const token = await readLinkToken(stack, email);
    const read = async () =>
      (
        await Promise.all(
          (["identity", "keys", "usage", "audit", "metrics"] as const).map((name) =>
            dumpTable(stack, name),
          ),
        )
      ).join();
    const pending = await read();
    await stack.http.post("/v1/auth/email/verify", { body: { token, password } });
    const verified = await read();
    for (const stored of [pending, verified]) {
      expect(stored).toContain(email);
      expect(texts.filter((text) => stored.includes(text))).toEqual([]);
    }

    const owner = await signIn(stack, { email, password: sent.owner.password });
    const { accessToken } = await enrolTotp(stack, owner);
    const profile = await stack.http.get("/v1/manufacturers/me", { token: accessToken });
    expect(profile.body).toMatchObject(secrets);
    const exported = await stack.http.get("/v1/manufacturers/me/export", { token: accessToken });
    expect(exported.body.profile).toMatchObject(secrets);
    expect(exported.body.profile).not.toHaveProperty("sensitive");
  });

  test("cost a sign-up three calls of KMS and three of the keys table, once", async () => {
    // The platform's secrets are unwrapped once, by whichever sign-up is the first.
    await signUp(stack);
    const email = newEmail();
    await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
    const token = await readLinkToken(stack, email);
    const verify = () => stack.http.post("/v1/auth/email/verify", { body: { token, password } });
    expect(await countCalls(stack, verify)).toMatchObject({ kms: 3 });
    expect(await countCalls(stack, verify)).toMatchObject({ kms: 0 });
  });

  test("a link whose key service is away can be followed again", async () => {
    const email = newEmail();
    await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
    const token = await readLinkToken(stack, email);
    const verify = () => stack.http.post("/v1/auth/email/verify", { body: { token, password } });
    stack.faults({ service: "kms", mode: "error", operation: "GenerateDataKeyWithoutPlaintext" });
    expect(await verify()).toMatchObject(problemAnswer("kms-unavailable"));
    stack.faults({ service: "kms", mode: "none" });
    expect((await verify()).status).toBe(200);
  });

  test("are not shown while the manufacturer is about to be erased, even to a token that still passes", async () => {
    const { accessToken, manufacturerId } = await signUp(stack);
    await setOfKeys(stack, manufacturerId, "state", "erasure-pending");
    stack.advanceClock(30);
    expect(await stack.http.get("/v1/manufacturers/me", { token: accessToken })).toMatchObject(
      problemAnswer("erasure-pending"),
    );
  });

  test("an operator reads the platform's own", async () => {
    const { accessToken, email } = await createFirstOperator(stack);
    const { body } = await stack.http.get("/v1/manufacturers/me", { token: accessToken });
    expect(body).toMatchObject({ manufacturerId: "platform", contact: { email, phone: "" } });
  });
});
