import { createDevice, registerDevice } from "../../../support/device.ts";
import { signUp } from "../../../support/manufacturer.ts";
import type { EnrolledMember } from "../../../support/second-factor.ts";
import { enrolTotp } from "../../../support/second-factor.ts";
import type { Samples, Scene } from "./scene.ts";

/** Somebody with a second factor, for what is every member's own and asks for no role. */
const anybody = async ({ stack }: Scene): Promise<EnrolledMember> =>
  enrolTotp(stack, await signUp(stack));

/** A device, and who asks for it: its owner, or somebody else where the foreign is asked for. */
async function deviceAndCaller(scene: Scene) {
  const { stack, caller, target } = scene;
  const owner = await anybody(scene);
  const device = await registerDevice(stack, owner);
  const isForeign = target.manufacturerId !== caller.manufacturerId;
  const { accessToken } = isForeign ? await anybody(scene) : owner;
  return { device, token: accessToken };
}

const challenge = async ({ stack }: Scene, token: string) => ({
  nonce: String((await stack.http.post("/v1/devices/challenge", { token })).body.nonce),
  aud: stack.url,
  nowMs: stack.now(),
});

export const deviceSamples: Samples = {
  createDeviceChallenge: { request: () => ({ path: "/v1/devices/challenge" }) },
  registerTrustedDevice: {
    request: async (scene) => {
      const { accessToken: token } = await anybody(scene);
      const { publicJwk, prove } = await createDevice();
      const proof = prove(await challenge(scene, token));
      return {
        path: "/v1/devices",
        body: { publicKeyJwk: publicJwk, label: "laptop", proof },
        token,
      };
    },
  },
  listDevices: { request: () => ({ path: "/v1/devices" }) },
  renameDevice: {
    namesResource: true,
    request: async (scene) => {
      const { device, token } = await deviceAndCaller(scene);
      return { path: `/v1/devices/${device.deviceId}`, body: { label: "other" }, token };
    },
  },
  revokeDevice: {
    namesResource: true,
    request: async (scene) => {
      const { device, token } = await deviceAndCaller(scene);
      return { path: `/v1/devices/${device.deviceId}`, token };
    },
  },
  // A check: somebody else's device is a verdict, like any that is not trusted.
  verifyDevice: {
    namesResource: false,
    request: async (scene) => {
      const { device, token } = await deviceAndCaller(scene);
      const proof = device.prove(await challenge(scene, token));
      return { path: `/v1/devices/${device.deviceId}/verify`, body: { proof }, token };
    },
  },
};
