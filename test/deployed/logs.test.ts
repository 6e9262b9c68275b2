import { beforeAll, expect, test } from "vitest";
import type { SignedInMember } from "../support/manufacturer.ts";
import { signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";
import { readLog } from "./stack/read-log.ts";
import { readDeployment } from "./stack/use-deployed-stack.ts";

const stack = useStack();
const deployment = readDeployment();
let member: SignedInMember;
let lines: string[];

beforeAll(async () => {
  const startMs = Date.now();
  for (let round = 0; round < 2; round++) {
    member = await signUp(stack);
    await stack.http.get("/v1/manufacturers/me", { token: member.accessToken });
  }
  await stack.settled();
  lines = (await readLog(deployment, startMs)).map(({ message }) => message);
});

test("all functions log into the one group, each invocation with a line of its figures", () => {
  const operations = lines
    .filter((line) => line.startsWith('{"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(operations.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining([
      "createManufacturer",
      "signIn",
      "readManufacturer",
      "sendNotification",
    ]),
  );
  for (const line of operations) {
    expect(line).toMatchObject({ stage: "dev", errors: 0, durationMs: expect.any(Number) });
  }
});

test("no secret and no personal data is in the log", () => {
  const text = lines.join("\n");
  const { password, accessToken, refreshToken, email } = member;
  for (const secret of [password, accessToken, refreshToken, email]) {
    expect(text).not.toContain(secret);
  }
});
