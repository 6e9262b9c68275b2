import { describe, expect, it } from "vitest";
import type { SoftwareDevice } from "../../support/device.ts";
import { nonceOf, registerDevice } from "../../support/device.ts";
import { signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import type { EnrolledMember } from "../../support/second-factor.ts";
import { askForMfaToken, enrolTotp, signInWithTotp, stepUp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const revoke = ({ deviceId }: SoftwareDevice, token: string, query = "") =>
  stack.http.delete(`/v1/devices/${deviceId}${query}`, { token });
const refresh = (refreshToken: string) =>
  stack.http.post("/v1/auth/refresh", { body: { refreshToken } });
const ended = problemAnswer("invalid-refresh-token");

/** A session that the device's proof made. */
async function signInWithDevice(
  member: EnrolledMember,
  device: SoftwareDevice,
): Promise<EnrolledMember> {
  const mfaToken = await askForMfaToken(stack, member);
  const nonce = nonceOf(mfaToken);
  const proof = device.prove({ nonce, aud: stack.url, nowMs: stack.now() });
  const { status, body } = await stack.http.post("/v1/auth/mfa/device", {
    body: { mfaToken, deviceId: device.deviceId, proof },
  });
  expect(status).toBe(200);
  return { ...member, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

describe("204", () => {
  it("ends the sessions that the device made, where others are kept too, and after a step-up in them", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    const plain = await signInWithDevice(owner, device);
    const raised = await stepUp(stack, await signInWithDevice(owner, device));
    const other = await signInWithTotp(stack, owner);
    const answer = await revoke(device, owner.accessToken, "?endOtherSessions=false");
    expect(answer.status).toBe(204);
    expect(await refresh(plain.refreshToken)).toMatchObject(ended);
    expect(await refresh(raised.refreshToken)).toMatchObject(ended);
    expect((await refresh(other.refreshToken)).status).toBe(200);
    // Binding is read consistently: no wait until a cached item is read again.
    const codes = await stack.http.post("/v1/mfa/backup-codes", { token: plain.accessToken });
    expect(codes).toMatchObject(problemAnswer("invalid-token", { reason: "session-ended" }));
  });

  it("ends every other session unless they are to be kept", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    const other = await signInWithTotp(stack, owner);
    expect((await revoke(device, owner.accessToken)).status).toBe(204);
    expect(await refresh(other.refreshToken)).toMatchObject(ended);
    expect((await refresh(owner.refreshToken)).status).toBe(200);
  });

  it("ends the very session it is revoked in, where the device made that", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    const own = await signInWithDevice(owner, device);
    expect((await revoke(device, own.accessToken)).status).toBe(204);
    expect(await refresh(own.refreshToken)).toMatchObject(ended);
  });
});

describe("400", () => {
  it("for a choice that is neither true nor false, and for an option that does not exist", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    for (const [query, pointer] of [
      ["?endOtherSessions=no", "/query/endOtherSessions"],
      ["?endAllSessions=true", "/query/endAllSessions"],
    ]) {
      expect(await revoke(device, owner.accessToken, query)).toMatchObject(
        problemAnswer("invalid-request", { errors: [{ pointer }] }),
      );
    }
  });
});
