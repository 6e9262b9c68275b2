import { expect, test } from "vitest";
import { signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";

const stack = useStack();

test("whoever uses up a limit is alerted by way of the table's stream, each mark once, and told by e-mail", async () => {
  const { accessToken: token, manufacturerId, email } = await signUp(stack);
  const charge = (amount: number) =>
    stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount } });
  expect((await charge(850)).status).toBe(200);
  expect((await charge(150)).status).toBe(200);
  const marks = async (): Promise<unknown[]> => {
    await stack.settled();
    const alerts = stack
      .events()
      .filter((event) => event["detail-type"].startsWith("usage.thresh"));
    return alerts
      .map(({ detail }) => detail as { manufacturerId: string; details: Record<string, unknown> })
      .filter((alert) => alert.manufacturerId === manufacturerId)
      .map(({ details }) => details["thresholdPercent"]);
  };
  await expect.poll(marks, { timeout: 50_000 }).toEqual([80, 90, 100]);
  const told = stack
    .outbox()
    .filter(({ to, subject }) => to.includes(email) && subject.startsWith("A usage limit"));
  expect(told).toHaveLength(3);
});
