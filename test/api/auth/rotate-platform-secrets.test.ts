import { beforeEach, describe, expect, test } from "vitest";
import { platformKeyStore } from "../../../lib/auth/platform-key-store.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  inviteMember,
  password,
  readLinkToken,
  sendInvitation,
  signIn,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { askForMfaToken } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";
import { readLoginAttribute } from "../../support/stored-login.ts";

const stack = useStack();
const minute = 60;
const day = 24 * 3600;
const rotate = (event: unknown = {}) =>
  stack.invoke("rotatePlatformKeys", event) as Promise<{
    createdSecrets: string[];
    removedSecrets: string[];
  }>;
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
const accept = (token: string) =>
  stack.http.post("/v1/invitations/accept", { body: { token, password } });
const versionOf = (token: string): string =>
  JSON.parse(String(Buffer.from(token.split(".")[0] ?? "", "base64url"))).kid;
const monthly = ["ticket", "refresh", "mfa-token", "device-nonce"];
const named = (names: readonly string[], version: number): string[] =>
  names.map((name) => `${name}#${version}`);
/** Rotations of earlier tests count: the newest version in use. */
const newest = async (owner: SignedInMember): Promise<number> =>
  Number(versionOf((await signIn(stack, owner)).refreshToken));

/** One version of each: those that other tests have left are in use, or gone. */
async function settle(): Promise<void> {
  for (let count = 0; count < 2; count++) {
    stack.advanceClock(8 * day);
    await rotate();
  }
}

describe("a secret that is a month old", () => {
  beforeEach(settle);

  test("is replaced ten minutes ahead, and what was made with it is good to its end", async () => {
    const owner = await signUpWithFactor(stack);
    const before = await newest(owner);
    stack.advanceClock(30 * day);
    const session = await signIn(stack, owner);
    const invitation = await sendInvitation(stack, session, "viewer");
    const report = await rotate();
    expect(report.createdSecrets).toEqual(named(monthly, before + 1));
    expect(report.removedSecrets).toEqual([]);

    let { body } = await refresh(session.refreshToken);
    expect(versionOf(body.refreshToken)).toBe(String(before));
    stack.advanceClock(10 * minute);
    ({ body } = await refresh(body.refreshToken));
    expect(versionOf(body.refreshToken)).toBe(String(before + 1));
    stack.advanceClock(50 * minute);
    ({ body } = await refresh(body.refreshToken));
    stack.advanceClock(12 * minute + 1);
    expect((await rotate()).removedSecrets).toEqual(
      named(["refresh", "mfa-token", "device-nonce"], before),
    );
    expect((await refresh(body.refreshToken)).status).toBe(200);

    stack.advanceClock(6 * day);
    expect((await accept(invitation.token)).status).toBe(200);
    stack.advanceClock(day);
    expect((await rotate()).removedSecrets).toEqual(named(["ticket"], before));
  });

  test("is replaced once by ten runs at once", async () => {
    stack.advanceClock(31 * day);
    const { listSecrets } = platformKeyStore(documentsOf(stack), stack.tableNames.keys);
    const before = await listSecrets();
    await race(10, () => rotate());
    expect(await listSecrets()).toHaveLength(before.length + monthly.length);
  });
});

describe("a compromised secret", () => {
  test("is replaced with all others by `true`: sessions, mfa tokens and links of before are worth nothing within a minute", async () => {
    const owner = await signUpWithFactor(stack);
    const { refreshToken } = await signIn(stack, owner);
    const mfaToken = await askForMfaToken(stack, owner);
    const invitation = await sendInvitation(stack, owner, "viewer");
    const { body: challenge } = await stack.http.post("/v1/devices/challenge", {
      token: owner.accessToken,
    });
    expect(challenge.nonce).toEqual(expect.any(String));
    const { createdSecrets, removedSecrets } = await rotate({ compromised: true });
    expect(createdSecrets.map((name) => name.split("#")[0])).toEqual(["pepper", ...monthly]);
    for (const name of monthly) {
      expect(removedSecrets).toContainEqual(expect.stringMatching(new RegExp(`^${name}#`)));
    }
    expect(removedSecrets.filter((name) => name.startsWith("pepper"))).toEqual([]);
    stack.advanceClock(60);
    expect(await refresh(refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
    const body = { mfaToken, code: owner.app.nextCode() };
    expect(await stack.http.post("/v1/auth/mfa/totp", { body })).toMatchObject(
      problemAnswer("invalid-mfa-token"),
    );
    expect(await accept(invitation.token)).toMatchObject(problemAnswer("invalid-ticket"));
    const again = await signIn(stack, owner);
    expect((await refresh(again.refreshToken)).status).toBe(200);
    await inviteMember(stack, again, "viewer");
  });

  test("is withdrawn from a function with the first token of its successor", async () => {
    const [owner, other] = [await signUp(stack), await signUp(stack)];
    const { body } = await refresh(owner.refreshToken);
    await rotate({ compromised: ["refresh"] });
    stack.coldStart("signIn");
    const { refreshToken } = await signIn(stack, other);
    expect((await refresh(refreshToken)).status).toBe(200);
    expect(await refresh(body.refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
  });

  test("is replaced alone where it is named: links and access tokens go on", async () => {
    const owner = await signUp(stack);
    await stack.http.post("/v1/auth/password/forgot", { body: { email: owner.email } });
    const token = await readLinkToken(stack, owner.email);
    const { createdSecrets } = await rotate({ compromised: ["refresh"] });
    expect(createdSecrets.map((name) => name.split("#")[0])).toEqual(["refresh"]);
    stack.advanceClock(60);
    expect(await refresh(owner.refreshToken)).toMatchObject(problemAnswer("invalid-refresh-token"));
    const read = await stack.http.get("/v1/manufacturers/me", { token: owner.accessToken });
    expect(read.status).toBe(200);
    const reset = await stack.http.post("/v1/auth/password/reset", {
      body: { token, password: "seven brass lanterns" },
    });
    expect(reset.status).toBe(200);
  });

  test("pepper keeps its versions, and each password moves to the new one at its next sign-in", async () => {
    const owner = await signUp(stack);
    const versionOfHash = async () =>
      /keyid=(\d+)/.exec(String(await readLoginAttribute(stack, owner, "passwordHash")))?.[1];
    const before = Number(await versionOfHash());
    expect(await rotate({ compromised: ["pepper"] })).toMatchObject({
      createdSecrets: [`pepper#${before + 1}`],
      removedSecrets: [],
    });
    stack.advanceClock(60);
    expect(await versionOfHash()).toBe(String(before));
    await signIn(stack, owner);
    expect(await versionOfHash()).toBe(String(before + 1));
    await signIn(stack, owner);
  });

  test.each([["email-lookup"], ["everything"]])(
    "named %s cannot be replaced: nothing is",
    async (name) => {
      await expect(rotate({ compromised: ["refresh", name] })).rejects.toThrow();
      expect(await rotate()).toMatchObject({ createdSecrets: [], removedSecrets: [] });
    },
  );
});
