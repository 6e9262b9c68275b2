import { beforeAll, describe, expect, it } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import type { SoftwareDevice } from "../../support/device.ts";
import { createDevice, nonceOf, registerDevice } from "../../support/device.ts";
import { claimsOf, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import type { EnrolledMember } from "../../support/second-factor.ts";
import { askForMfaToken, enrolTotp, refreshed } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let owner: EnrolledMember;
let device: SoftwareDevice;
beforeAll(async () => {
  owner = await enrolTotp(stack, await signUp(stack));
  device = await registerDevice(stack, owner);
});

const prove = (mfaToken: string, by = device) =>
  by.prove({ nonce: nonceOf(mfaToken), aud: stack.url, nowMs: stack.now() });
const send = (mfaToken: string, proof: string, deviceId = device.deviceId) =>
  stack.http.post("/v1/auth/mfa/device", { body: { mfaToken, deviceId, proof } });

describe("200", () => {
  it("password and a trusted device's proof make a session at aal2", async () => {
    const mfaToken = await askForMfaToken(stack, owner);
    const { status, body } = await send(mfaToken, prove(mfaToken));
    expect(status).toBe(200);
    expect(claimsOf(body.accessToken)).toMatchObject({ acr: "aal2", amr: ["pwd", "swk"] });
  });

  it("warm, it costs two calls: the device and the commit", async () => {
    const warm = await askForMfaToken(stack, owner);
    await send(warm, prove(warm));
    const mfaToken = await askForMfaToken(stack, owner);
    const proof = prove(mfaToken);
    expect(await countCalls(stack, () => send(mfaToken, proof))).toEqual({ dynamodb: 2, kms: 0 });
  });
});

describe("401", () => {
  it("a proof makes one session, of fifty uses at the same moment", async () => {
    const mfaToken = await askForMfaToken(stack, owner);
    const proof = prove(mfaToken);
    const { fulfilled } = await race(50, () => send(mfaToken, proof));
    expect(fulfilled.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("a proof replayed with another sign-in's token makes none", async () => {
    const first = await askForMfaToken(stack, owner);
    const proof = prove(first);
    expect((await send(first, proof)).status).toBe(200);
    const second = await askForMfaToken(stack, owner);
    expect(await send(second, proof)).toMatchObject(problemAnswer("invalid-device-proof"));
    expect(await send(first, proof)).toMatchObject(problemAnswer("invalid-mfa-token"));
    const right = await send(second, prove(second));
    expect(right.status).toBe(200);
  });

  it("for a key that is not bound, another member's device, and a known-device cookie alone", async () => {
    const mfaToken = await askForMfaToken(stack, owner);
    const unbound = await createDevice();
    expect(await send(mfaToken, prove(mfaToken, unbound), unbound.deviceId)).toMatchObject(
      problemAnswer("invalid-device-proof"),
    );
    expect(await send(mfaToken, prove(mfaToken, unbound))).toMatchObject(
      problemAnswer("invalid-device-proof"),
    );
    const stranger = await enrolTotp(stack, await signUp(stack));
    const theirs = await registerDevice(stack, stranger);
    expect(await send(mfaToken, prove(mfaToken, theirs), theirs.deviceId)).toMatchObject(
      problemAnswer("invalid-device-proof"),
    );
    expect((await send(mfaToken, prove(mfaToken))).status).toBe(200);
  });

  it("for a device that was revoked, even by a sign-in that was under way", async () => {
    const lost = await registerDevice(stack, owner);
    const mfaToken = await askForMfaToken(stack, owner);
    const { accessToken } = await refreshed(stack, owner);
    const revoked = await stack.http.delete(`/v1/devices/${lost.deviceId}`, { token: accessToken });
    expect(revoked.status).toBe(204);
    expect(await send(mfaToken, prove(mfaToken, lost), lost.deviceId)).toMatchObject(
      problemAnswer("invalid-device-proof"),
    );
    await send(mfaToken, prove(mfaToken));
  });
});
