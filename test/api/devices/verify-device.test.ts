import { describe, expect, it } from "vitest";
import { createDevice, registerDevice } from "../../support/device.ts";
import { signUp } from "../../support/manufacturer.ts";
import { race } from "../../support/race.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const claims = (nonce: string) => ({ nonce, aud: stack.url, nowMs: stack.now() });

describe("200", () => {
  it("a device that proves its key is trusted; each challenge is good for one answer", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = owner.accessToken;
    const device = await registerDevice(stack, owner);
    const verify = (proof: string, deviceId = device.deviceId) =>
      stack.http.post(`/v1/devices/${deviceId}/verify`, { body: { proof }, token });
    const { nonce } = (await stack.http.post("/v1/devices/challenge", { token })).body;
    const proof = device.prove(claims(nonce));
    const { fulfilled } = await race(20, () => verify(proof));
    expect(fulfilled.filter(({ body }) => body.trusted)).toHaveLength(1);
    expect((await verify(proof)).body).toEqual({ trusted: false, reason: "replayed" });
    const other = await createDevice();
    expect((await verify(proof, other.deviceId)).body).toEqual({
      trusted: false,
      reason: "unknown-device",
    });
    const fresh = (await stack.http.post("/v1/devices/challenge", { token })).body.nonce;
    const forged = other.prove(claims(fresh), { kid: device.deviceId });
    expect((await verify(forged)).body).toEqual({ trusted: false, reason: "invalid-proof" });
    const { body } = await stack.http.get("/v1/devices", { token });
    expect(body.items[0].lastUsedAt).toBeDefined();
  });

  it("another member's device is unknown, whatever it proves", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    const stranger = await signUp(stack);
    const token = stranger.accessToken;
    const { nonce } = (await stack.http.post("/v1/devices/challenge", { token })).body;
    const answer = await stack.http.post(`/v1/devices/${device.deviceId}/verify`, {
      body: { proof: device.prove(claims(nonce)) },
      token,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { trusted: false, reason: "unknown-device" },
    });
  });
});
