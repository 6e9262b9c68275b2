import { expect, test } from "vitest";
import { signUp } from "../support/manufacturer.ts";
import { useStack } from "../support/stack.ts";

const stack = useStack();

test("whoever uses up a limit is alerted by way of the table's stream, each mark once", async () => {
  const { accessToken: token, manufacturerId } = await signUp(stack);
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
});
