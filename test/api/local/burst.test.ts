import { expect, test } from "vitest";
import { signUp } from "../../support/manufacturer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

test("150 requests at once on cold functions are all served, and each is charged once", async () => {
  const { accessToken: token } = await signUp(stack);
  const usage = async () => (await stack.http.get("/v1/usage/api_calls", { token })).body;
  const before = await usage();
  stack.coldStart();
  const { fulfilled } = await race(150, () =>
    stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount: 1 } }),
  );
  expect(fulfilled.map(({ status }) => status)).toEqual(Array(150).fill(200));
  expect((await usage()).used - before.used).toBe(150);
});

test("150 sign-ins at once are answered or refused, none of them hangs", async () => {
  stack.coldStart();
  const { fulfilled } = await race(150, (index) =>
    stack.http.post("/v1/auth/sign-in", {
      body: { email: `nobody-${index}@rohrwerk.example`, password: "tidal copper vex" },
    }),
  );
  expect(fulfilled).toHaveLength(150);
  const refused = fulfilled.filter(({ status }) => status !== 401);
  // Beyond the concurrency reserved for sign-ins the gateway answers, not a function in distress.
  for (const answer of refused)
    expect(answer).toMatchObject({ status: 503, body: { message: "Service Unavailable" } });
});
