import { expect, test } from "vitest";
import { signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

test("a refusal whose record was written without an answer is still that refusal, recorded once", async () => {
  const owner = await enrolTotp(stack, await signUp(stack));
  const token = owner.accessToken;
  await stack.settled();
  stack.faults({
    service: "dynamodb",
    mode: "lose-response",
    operation: "PutItem",
    times: 1,
  });
  expect(
    await stack.http.post("/v1/mfa/verify", { token, body: { code: owner.app.wrongCode() } }),
  ).toMatchObject(problemAnswer("invalid-code"));
  const { body } = await stack.http.get("/v1/audit", { token });
  const refusals = body.items.filter(
    ({ action }: { action: string }) => action === "mfa.otp.refused",
  );
  expect(refusals).toHaveLength(1);
});
