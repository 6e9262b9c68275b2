import { signUp } from "../../../support/manufacturer.ts";
import type { StackUnderTest } from "../../../support/stack.ts";
import type { Samples, Scene } from "./scene.ts";

/** An envelope of the caller's own manufacturer; absent for the platform, which has no data. */
const ownEnvelope = async ({ stack, target }: Scene): Promise<unknown> => {
  const request = { body: { data: 1 }, token: target.head.accessToken };
  return (await stack.http.post("/v1/encryption/encrypt", request)).body.envelope ?? null;
};

/** A version that nothing was ever sealed with: the envelopes of other samples stay open. */
const replacedVersion = async ({ stack, target }: Scene): Promise<number> => {
  const token = target.head.accessToken;
  await stack.http.post("/v1/encryption/keys/rotate", { token });
  const { body } = await stack.http.post("/v1/encryption/keys/rotate", { token });
  // Until every environment has noticed, the replaced version is still sealed with.
  stack.advanceClock(31);
  return Number(body.version ?? 2) - 1;
};

const erasePath = async (stack: StackUnderTest): Promise<string> =>
  `/v1/operator/manufacturers/${(await signUp(stack)).manufacturerId}/erase`;
const confirmation = { confirm: "Rohrwerk Keller GmbH" };

export const encryptionSamples: Samples = {
  encryptManufacturerData: {
    request: () => ({ path: "/v1/encryption/encrypt", body: { data: 1 } }),
  },
  decryptManufacturerData: {
    request: async (scene) => ({
      path: "/v1/encryption/decrypt",
      body: { envelope: await ownEnvelope(scene) },
    }),
  },
  reEncryptManufacturerData: {
    request: async (scene) => ({
      path: "/v1/encryption/re-encrypt",
      body: { envelope: await ownEnvelope(scene) },
    }),
  },
  listKeyVersions: { request: () => ({ path: "/v1/encryption/keys" }) },
  rotateEncryptionKey: { request: () => ({ path: "/v1/encryption/keys/rotate" }) },
  // Versions are numbered anew in each manufacturer: the path names one of the caller's.
  revokeKeyVersion: {
    namesResource: false,
    request: async (scene) => ({
      path: `/v1/encryption/keys/${await replacedVersion(scene)}/revoke`,
    }),
  },
  readEncryptionSettings: { request: () => ({ path: "/v1/encryption/settings" }) },
  changeEncryptionSettings: {
    request: () => ({ path: "/v1/encryption/settings", body: { rotateEveryDays: 30 } }),
  },
  validateEncryptionCompliance: { request: () => ({ path: "/v1/encryption/compliance" }) },
  requestErasure: {
    namesResource: false,
    request: async ({ stack }) => ({ path: await erasePath(stack), body: confirmation }),
  },
  withdrawErasure: {
    namesResource: false,
    request: async ({ caller, stack }) => {
      const path = await erasePath(stack);
      await stack.http.post(path, { body: confirmation, token: caller.accessToken });
      return { path };
    },
  },
};
