import { describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  claimsOf,
  inviteMember,
  readLinkToken,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const next = "seven brass lanterns";
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
const validate = (token: string) =>
  stack.http.post("/v1/auth/tokens/validate", { body: { token } });
const reads = ["/v1/usage", "/v1/auth/sessions", "/v1/manufacturers/me", "/v1/mfa/factors"];

/** Every function on the path has the member in its cache afterwards. */
async function warm(member: SignedInMember): Promise<SignedInMember> {
  for (const path of reads) {
    expect((await stack.http.get(path, { token: member.accessToken })).status, path).toBe(200);
  }
  expect((await validate(member.accessToken)).body.valid).toBe(true);
  const { body } = await refresh(member.refreshToken);
  return { ...member, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

async function changePassword({ accessToken, password }: SignedInMember) {
  const body = { current: password, new: next };
  const answer = await stack.http.post("/v1/auth/password/change", { token: accessToken, body });
  expect(answer.status).toBe(200);
  return answer.body;
}

async function resetPassword({ email }: SignedInMember) {
  await stack.http.post("/v1/auth/password/forgot", { body: { email } });
  const token = await readLinkToken(stack, email);
  const reset = await stack.http.post("/v1/auth/password/reset", {
    body: { token, password: next },
  });
  expect(reset.status).toBe(200);
  return signIn(stack, { email, password: next });
}

const thefts = async ({ memberId }: SignedInMember) => {
  await stack.settled();
  return stack
    .events()
    .filter((event) => event["detail-type"] === "auth.refresh-token.reused")
    .filter(({ detail }) => (detail as { actorId?: string }).actorId === memberId);
};

describe.each([
  ["a password change", changePassword],
  ["a reset by e-mail", resetPassword],
])("the session that follows %s", (_name, change) => {
  test("works at once wherever the member was cached before", async () => {
    const owner = await warm(await signUp(stack));
    const { accessToken } = await change(owner);
    for (const path of reads) {
      expect((await stack.http.get(path, { token: accessToken })).status, path).toBe(200);
    }
    expect((await validate(accessToken)).body).toMatchObject({ valid: true });
  });

  test("is refreshed at once, as often as need be, and nobody is told of a theft", async () => {
    const owner = await warm(await signUp(stack));
    let { refreshToken } = await change(owner);
    for (let count = 0; count < 3; count++) {
      const { status, body } = await refresh(refreshToken);
      expect(status).toBe(200);
      ({ refreshToken } = body);
      stack.advanceClock(20);
    }
    expect(await thefts(owner)).toEqual([]);
  });
});

type Scene = { owner: SignedInMember; member: SignedInMember; other: SignedInMember };
const ends: [string, (scene: Scene) => Promise<unknown>][] = [
  ["sign-out", ({ member }) => stack.http.post("/v1/auth/sign-out", { token: member.accessToken })],
  [
    "the end of the session by its id",
    ({ member, other }) =>
      stack.http.delete(`/v1/auth/sessions/${claimsOf(member.accessToken)["sid"]}`, {
        token: other.accessToken,
      }),
  ],
  ["a new password", ({ other }) => changePassword(other)],
  ["a reset", ({ member }) => resetPassword(member)],
  [
    "removal",
    ({ owner, member }) =>
      stack.http.delete(`/v1/members/${member.memberId}`, { token: owner.accessToken }),
  ],
];
const caches: [string, () => void][] = [
  ["cold", () => stack.coldStart()],
  ["warm", () => undefined],
];

describe.each(caches)("with %s caches", (_cache, prepare) => {
  test.each(ends)("%s ends the refresh of a session at once, and is no theft", async (_, end) => {
    const owner = await signUpWithFactor(stack);
    const invited = await inviteMember(stack, owner, "viewer");
    const other = await signIn(stack, invited);
    const member = await warm(invited);
    await end({ owner, member, other });
    prepare();
    for (let count = 0; count < 2; count++) {
      expect(await refresh(member.refreshToken)).toMatchObject(
        problemAnswer("invalid-refresh-token"),
      );
      stack.advanceClock(20);
    }
    expect(await thefts(member)).toEqual([]);
  });

  test("a changed role is in the next token, and opens at once what it opens", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await warm(await inviteMember(stack, owner, "viewer"));
    const audit = (token: string) => stack.http.get("/v1/audit", { token });
    expect((await audit(viewer.accessToken)).status).toBe(403);
    await stack.http.patch(`/v1/members/${viewer.memberId}`, {
      token: owner.accessToken,
      body: { role: "admin" },
    });
    prepare();
    const { body } = await refresh(viewer.refreshToken);
    expect(claimsOf(body.accessToken)["roles"]).toEqual(["admin"]);
    expect((await audit(body.accessToken)).status).toBe(200);
  });
});
