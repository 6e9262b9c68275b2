import { expect, test } from "vitest";
import { signUp } from "../../support/manufacturer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

test("150 requests at once on cold functions are served or refused, and what is served is charged once", async () => {
  const { accessToken: token } = await signUp(stack);
  stack.coldStart();
  const { fulfilled } = await race(150, () =>
    stack.http.post("/v1/usage/api_calls/increments", { token, body: { amount: 1 } }),
  );
  expect(fulfilled).toHaveLength(150);
  // A machine that is busy otherwise may refuse; nothing is answered in any third way.
  for (const { status } of fulfilled) expect([200, 503]).toContain(status);
  const { body } = await stack.http.get("/v1/usage/api_calls", { token });
  expect(body.used).toBeGreaterThanOrEqual(fulfilled.filter(({ status }) => status === 200).length);
  expect(body.used).toBeLessThanOrEqual(150);
});

test("150 sign-ins at once are answered or refused, none of them hangs", async () => {
  stack.coldStart();
  const { fulfilled } = await race(150, (index) =>
    stack.http.post("/v1/auth/sign-in", {
      body: { email: `nobody-${index}@rohrwerk.example`, password: "tidal copper vex" },
    }),
  );
  expect(fulfilled).toHaveLength(150);
  for (const { status } of fulfilled) expect([401, 503]).toContain(status);
});
