import { expect, test } from "vitest";
import { tables } from "../../lib/aws/tables.ts";
import { newEmail, signUp, signUpRequest } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";

const stack = useStack();

test("a change reaches the e-mail of whom it concerns: record, stream, bus, notification", async () => {
  const email = newEmail();
  await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
  await stack.settled();
  const types = stack.events().map((event) => event["detail-type"]);
  expect(types).toContain("accounts.sign-up.requested");
  expect(stack.outbox().filter(({ to }) => to.includes(email))).toEqual([
    expect.objectContaining({
      from: "no-reply@manufacturer-security.example",
      subject: "Verify your e-mail address",
      text: expect.stringMatching(/^https:\/\/\S+#token=\d+-[\w-]{43}$/m),
    }),
  ]);
});

test("every event is on the bus once, however many arrive together", async () => {
  await Promise.all(Array.from({ length: 4 }, () => signUp(stack)));
  await stack.settled();
  const ids = stack.events().map(({ detail }) => (detail as { recordId: string }).recordId);
  expect(ids.length).toBeGreaterThan(4);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every table is there, under the name that the functions are told", () => {
  expect(Object.keys(stack.tableNames).toSorted()).toEqual(Object.keys(tables).toSorted());
});
