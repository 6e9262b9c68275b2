import { describe, expect, test } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { nonceOf, registerDevice } from "../../support/device.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  claimsOf,
  inviteMember,
  password,
  sendInvitation,
  signUp,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer, withoutInstance } from "../../support/problem-answer.ts";
import { askForMfaToken } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const list = ({ accessToken: token }: SignedInMember, memberId: string) =>
  stack.http.get(`/v1/members/${memberId}/sessions`, { token });

describe("200", () => {
  test("an admin sees a colleague's sessions with client and address, newest first", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    const viewer = await inviteMember(stack, owner, "viewer");
    stack.advanceClock(5);
    const { body: tokens } = await stack.http.post("/v1/auth/sign-in", {
      body: { email: viewer.email, password },
      headers: { "user-agent": "Workshop tablet" },
    });
    const { status, body } = await list(admin, viewer.memberId);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      {
        sessionId: claimsOf(tokens.accessToken)["sid"],
        userAgent: "Workshop tablet",
        sourceAddress: "127.0.0.1",
        lastUserAgent: "Workshop tablet",
        lastSourceAddress: "127.0.0.1",
        acr: "aal1",
        amr: ["pwd"],
        isCurrent: false,
      },
      { userAgent: "node", isCurrent: false },
    ]);
    expect(JSON.stringify(body)).not.toContain(viewer.manufacturerId);
  });

  test("a session that a trusted device made shows what its owner calls it, to both", async () => {
    const owner = await signUpWithFactor(stack);
    const device = await registerDevice(stack, owner);
    const mfaToken = await askForMfaToken(stack, owner);
    const proof = device.prove({ nonce: nonceOf(mfaToken), aud: stack.url, nowMs: stack.now() });
    const answer = await stack.http.post("/v1/auth/mfa/device", {
      body: { mfaToken, deviceId: device.deviceId, proof },
    });
    const { accessToken } = answer.body;
    const { body: devices } = await stack.http.get("/v1/devices", { token: accessToken });
    const { label } = devices.items[0];
    expect(label).toMatch(/\w/);
    const paths = ["/v1/auth/sessions", `/v1/members/${owner.memberId}/sessions`];
    for (const path of paths) {
      const { body } = await stack.http.get(path, { token: accessToken });
      const shown = body.items.map((item: { isCurrent: boolean; deviceLabel?: string }) => [
        item.isCurrent,
        item.deviceLabel,
      ]);
      expect(shown).toContainEqual([true, label]);
      expect(shown).toContainEqual([false, undefined]);
    }
  });

  test("whoever was invited and has not come has none", async () => {
    const owner = await signUpWithFactor(stack);
    const { memberId } = await sendInvitation(stack, owner, "viewer");
    expect(await list(owner, memberId)).toMatchObject({ status: 200, body: { items: [] } });
  });

  test("warm, it costs a fresh look at the caller, the member and the query", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await list(owner, viewer.memberId);
    const calls = await countCalls(stack, () => list(owner, viewer.memberId));
    expect(calls).toEqual({ dynamodb: 3, kms: 0 });
  });
});

describe("401", () => {
  test("a session of one factor is asked for the second", async () => {
    const owner = await signUp(stack);
    expect(await list(owner, owner.memberId)).toMatchObject(
      problemAnswer("insufficient-authentication"),
    );
  });
});

describe("403", () => {
  test("editors and viewers see no colleague's address", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    for (const role of ["editor", "viewer"] as const) {
      const colleague = await inviteMember(stack, owner, role);
      expect(await list(colleague, viewer.memberId)).toMatchObject(problemAnswer("forbidden"));
    }
  });

  test("an admin does not see an owner's", async () => {
    const owner = await signUpWithFactor(stack);
    const admin = await inviteMember(stack, owner, "admin");
    expect(await list(admin, owner.memberId)).toMatchObject(problemAnswer("role-above-own"));
  });
});

describe("404", () => {
  test("a foreign member and an absent one are answered alike", async () => {
    const [owner, stranger] = [await signUpWithFactor(stack), await signUp(stack)];
    const absent = await list(owner, `mem_${"a".repeat(22)}`);
    expect(absent).toMatchObject(problemAnswer("not-found"));
    expect(withoutInstance(await list(owner, stranger.memberId))).toEqual(withoutInstance(absent));
  });
});
