import { expect, test } from "vitest";
import { signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";
import { readLog } from "./stack/read-log.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const stack = useStack();
const deployment = readDeployment();

test("a refusal is recorded and published as a failure, and logged without what was tried", async () => {
  const startMs = Date.now();
  const { accessToken: token, manufacturerId, memberId, email } = await signUp(stack);
  const wrong = "not the password of anybody";
  const refused = await stack.http.post("/v1/auth/sign-in", { body: { email, password: wrong } });
  expect(refused.status).toBe(401);
  await signUp(stack);
  await stack.settled();

  const failure = {
    manufacturerId,
    subjectId: memberId,
    action: "auth.password.refused",
    outcome: "failure",
    requestId: expect.any(String),
  };
  const { body } = await stack.http.get("/v1/audit", { token });
  expect(body.items).toContainEqual(expect.objectContaining(failure));
  expect(stack.events().map(({ detail }) => detail)).toContainEqual(
    expect.objectContaining(failure),
  );

  const lines = (await readLog(deployment, startMs)).map(({ message }) => message);
  const statuses = lines
    .filter((line) => line.startsWith('{"_aws"') && line.includes('"operation":"signIn"'))
    .map((line) => JSON.parse(line).status);
  expect(statuses).toEqual(expect.arrayContaining([200, 401]));
  expect(lines.join("\n")).not.toContain(wrong);
  expect(lines.join("\n")).not.toContain(email);
});
