import { beforeAll, describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { password, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import type { EnrolledMember } from "../../support/second-factor.ts";
import { enrolTotp, stepUp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

type Method = "get" | "post" | "put" | "patch" | "delete";

/** What a session of one factor cannot do any more, by hand. */
const closed: [Method, string, unknown?][] = [
  ["get", "/v1/manufacturers/me"],
  ["get", "/v1/manufacturers/me/export"],
  ["get", "/v1/members"],
  ["get", "/v1/members/me/export"],
  ["post", "/v1/members", { name: "Ada", email: "ada@rohrwerk.example", role: "viewer" }],
  ["post", "/v1/auth/password/change", { current: password, new: "seven brass lanterns" }],
  ["get", "/v1/audit"],
  ["get", "/v1/usage"],
  ["get", "/v1/mfa/policy"],
  ["post", "/v1/mfa/totp", {}],
  ["post", "/v1/mfa/backup-codes"],
  ["post", "/v1/devices/challenge"],
  ["delete", `/v1/devices/dev_${"A".repeat(43)}`],
];

/** Two sessions of one factor; in the first an app is bound, the second is kept. */
async function olderSession(): Promise<{ older: SignedInMember; enrolled: EnrolledMember }> {
  const owner = await signUp(stack);
  const older = await signIn(stack, owner);
  const enrolled = await enrolTotp(stack, owner, { endOtherSessions: false });
  return { older, enrolled };
}

describe("a session of one factor beside a second factor that was bound", () => {
  let scene: Awaited<ReturnType<typeof olderSession>>;
  beforeAll(async () => {
    scene = await olderSession();
  });
  const token = () => scene.older.accessToken;

  test.each(closed)("is asked for the second one: %s %s", async (method, path, body) => {
    const answer = await stack.http[method](path, { token: token(), body });
    expect(answer).toMatchObject(problemAnswer("insufficient-authentication"));
    expect(answer.headers.get("www-authenticate")).toContain('acr_values="aal2"');
  });

  test("is good for nothing in token validation, and the check names what is missing", async () => {
    const validated = await stack.http.post("/v1/auth/tokens/validate", {
      body: { token: token() },
    });
    expect(validated.body).toEqual({ valid: false, reason: "insufficient-authentication" });
    const checked = await stack.http.post("/v1/access/check", {
      token: token(),
      body: { permission: "usage:read" },
    });
    expect(checked.body).toEqual({ allowed: false, reason: "assurance" });
  });

  test("opens no route behind the authorizer", async () => {
    const event = { headers: { authorization: `Bearer ${token()}` } };
    expect(await stack.invoke("authorizeRequest", event)).toMatchObject({ isAuthorized: false });
  });

  test("still lists and ends sessions, lists factors, refreshes and steps up", async () => {
    const { older, enrolled } = await olderSession();
    const extra = await stack.http.get("/v1/auth/sessions", { token: older.accessToken });
    expect(extra.status).toBe(200);
    expect((await stack.http.get("/v1/mfa/factors", { token: older.accessToken })).status).toBe(
      200,
    );
    const refreshed = await stack.http.post("/v1/auth/refresh", {
      body: { refreshToken: older.refreshToken },
    });
    expect(refreshed.body).toMatchObject({ acr: "aal1" });
    const stronger = await stepUp(stack, { ...enrolled, ...older, app: enrolled.app });
    const read = await stack.http.get("/v1/manufacturers/me/export", {
      token: stronger.accessToken,
    });
    expect(read.status).toBe(200);
  });

  test("still signs out", async () => {
    const { older } = await olderSession();
    const answer = await stack.http.post("/v1/auth/sign-out", { token: older.accessToken });
    expect(answer.status).toBe(204);
  });
});

describe("with caches that knew the member without a factor", () => {
  test("the password is not changed even once", async () => {
    const owner = await signUp(stack);
    const older = await signIn(stack, owner);
    const change = (current: string) =>
      stack.http.post("/v1/auth/password/change", {
        token: older.accessToken,
        body: { current, new: "seven brass lanterns" },
      });
    expect(await change("not the right one")).toMatchObject(problemAnswer("invalid-credentials"));
    await enrolTotp(stack, owner, { endOtherSessions: false });
    expect(await change(password)).toMatchObject(problemAnswer("insufficient-authentication"));
  });

  test("reads are closed within 60 seconds, an export at once", async () => {
    const owner = await signUp(stack);
    const older = await signIn(stack, owner);
    const read = () => stack.http.get("/v1/usage", { token: older.accessToken });
    expect((await read()).status).toBe(200);
    await enrolTotp(stack, owner, { endOtherSessions: false });
    const exported = await stack.http.get("/v1/manufacturers/me/export", {
      token: older.accessToken,
    });
    expect(exported).toMatchObject(problemAnswer("insufficient-authentication"));
    stack.advanceClock(60);
    expect(await read()).toMatchObject(problemAnswer("insufficient-authentication"));
  });
});
