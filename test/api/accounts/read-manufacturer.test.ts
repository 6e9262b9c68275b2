import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const read = (token?: string) =>
  stack.http.get("/v1/manufacturers/me", token === undefined ? {} : { token });

describe("200", () => {
  test("a manufacturer reads what it signed up with", async () => {
    const { accessToken, manufacturerId } = await signUp(stack, {
      legalName: "Walzwerk Hütte AG",
      country: "AT",
      licenseNumber: "L-77",
      taxId: "ATU12345678",
    });
    const { status, body } = await read(accessToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      manufacturerId,
      legalName: "Walzwerk Hütte AG",
      country: "AT",
      licenseNumber: "L-77",
      taxId: "ATU12345678",
      contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test("warm, it costs one read; cold, signing keys, access item and the key of its sealed part once more", async () => {
    const { accessToken } = await signUp(stack);
    stack.coldStart();
    expect(await countCalls(stack, () => read(accessToken))).toEqual({ dynamodb: 6, kms: 1 });
    expect(await countCalls(stack, () => read(accessToken))).toEqual({ dynamodb: 1, kms: 0 });
    stack.advanceClock(30);
    expect(await countCalls(stack, () => read(accessToken))).toEqual({ dynamodb: 2, kms: 0 });
  });
});

describe("401", () => {
  test("without a token", async () => {
    const answer = await read();
    expect(answer).toMatchObject(problemAnswer("missing-token"));
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });
});
