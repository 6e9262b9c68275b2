import { describe, expect, test } from "vitest";
import { inviteMember, newEmail, signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

/** A permission that reads the access item anew, and one that may take it from the cache. */
const fresh = (token: string) =>
  stack.http.post("/v1/members", {
    token,
    body: { name: "Ada Lovelace", email: newEmail(), role: "viewer" },
  });
const cached = (token: string) => stack.http.get("/v1/audit", { token });

/** Seconds of the stack's clock until a request is refused, in steps of five. */
async function secondsUntilRefused(request: () => Promise<{ status: number }>): Promise<number> {
  for (let seconds = 0; seconds <= 120; seconds += 5) {
    if ((await request()).status >= 400) return seconds;
    stack.advanceClock(5);
  }
  return Number.POSITIVE_INFINITY;
}

async function adminWithWarmCaches() {
  const owner = await signUpWithFactor(stack);
  const admin = await inviteMember(stack, owner, "admin");
  expect((await fresh(admin.accessToken)).status).toBe(201);
  expect((await cached(admin.accessToken)).status).toBe(200);
  return { owner, admin };
}

const changes: [
  string,
  (scene: Awaited<ReturnType<typeof adminWithWarmCaches>>) => Promise<unknown>,
][] = [
  ["sign-out", ({ admin }) => stack.http.post("/v1/auth/sign-out", { token: admin.accessToken })],
  [
    "removal",
    ({ owner, admin }) =>
      stack.http.delete(`/v1/members/${admin.memberId}`, { token: owner.accessToken }),
  ],
  [
    "a lower role",
    ({ owner, admin }) =>
      stack.http.patch(`/v1/members/${admin.memberId}`, {
        token: owner.accessToken,
        body: { role: "viewer" },
      }),
  ],
  [
    "a new password",
    ({ admin }) =>
      stack.http.post("/v1/auth/password/change", {
        token: admin.accessToken,
        body: { current: admin.password, new: "seven brass lanterns" },
      }),
  ],
];

describe.each(changes)("after %s", (_name, change) => {
  test("a fresh permission is lost at once", async () => {
    const scene = await adminWithWarmCaches();
    stack.advanceClock(1);
    await change(scene);
    expect(await secondsUntilRefused(() => fresh(scene.admin.accessToken))).toBe(0);
  });

  test("every other permission is lost within 60 seconds", async () => {
    const scene = await adminWithWarmCaches();
    await change(scene);
    const seconds = await secondsUntilRefused(() => cached(scene.admin.accessToken));
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

test("the cache is what the 60 seconds are for: without it the loss is at once", async () => {
  const { owner, admin } = await adminWithWarmCaches();
  await stack.http.delete(`/v1/members/${admin.memberId}`, { token: owner.accessToken });
  expect((await cached(admin.accessToken)).status).toBe(200);
  stack.coldStart();
  expect((await cached(admin.accessToken)).status).toBe(401);
});

test("a session that goes on elsewhere is not lost with the one that ended", async () => {
  const { admin } = await adminWithWarmCaches();
  const other = await signIn(stack, { email: admin.email, password: admin.password });
  await stack.http.post("/v1/auth/sign-out", { token: admin.accessToken });
  stack.advanceClock(60);
  expect((await cached(other.accessToken)).status).toBe(200);
});
