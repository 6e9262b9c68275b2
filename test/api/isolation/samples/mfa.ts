import { nonceOf, registerDevice } from "../../../support/device.ts";
import type { SignedInMember } from "../../../support/manufacturer.ts";
import { inviteMember, signUp } from "../../../support/manufacturer.ts";
import type { EnrolledMember } from "../../../support/second-factor.ts";
import { AuthenticatorApp, askForMfaToken, enrolTotp } from "../../../support/second-factor.ts";
import type { Samples, Scene } from "./scene.ts";

/** Somebody with a second factor, for what is every member's own and asks for no role. */
const anybody = async ({ stack }: Scene): Promise<EnrolledMember> =>
  enrolTotp(stack, await signUp(stack));

/** An app that waits for its first code. */
async function pendingApp(
  scene: Scene,
  { accessToken: token, password }: SignedInMember,
): Promise<AuthenticatorApp> {
  const { body } = await scene.stack.http.post("/v1/mfa/totp", { body: { password }, token });
  return new AuthenticatorApp(scene.stack, body.factorId, body.secret);
}

const isForeign = ({ caller, target }: Scene): boolean =>
  target.manufacturerId !== caller.manufacturerId;

export const mfaSamples: Samples = {
  setupMfa: {
    request: async ({ stack }) => {
      const { accessToken: token, password } = await signUp(stack);
      return { path: "/v1/mfa/totp", body: { label: "phone", password }, token };
    },
  },
  confirmTotp: {
    namesResource: true,
    request: async (scene) => {
      const somebody = await signUp(scene.stack);
      const app = await pendingApp(scene, somebody);
      return {
        path: `/v1/mfa/totp/${app.factorId}/confirm`,
        body: { code: app.nextCode() },
        token: isForeign(scene) ? (await signUp(scene.stack)).accessToken : somebody.accessToken,
      };
    },
  },
  stepUp: {
    request: async (scene) => {
      const { accessToken, app } = await anybody(scene);
      return { path: "/v1/mfa/verify", body: { code: app.nextCode() }, token: accessToken };
    },
  },
  listFactors: { request: () => ({ path: "/v1/mfa/factors" }) },
  removeFactor: {
    namesResource: true,
    request: async (scene) => {
      const { accessToken, app } = await anybody(scene);
      const token = isForeign(scene) ? (await anybody(scene)).accessToken : accessToken;
      return { path: `/v1/mfa/factors/${app.factorId}`, token };
    },
  },
  generateBackupCodes: {
    request: async (scene) => ({
      path: "/v1/mfa/backup-codes",
      token: (await anybody(scene)).accessToken,
    }),
  },
  countBackupCodes: { request: () => ({ path: "/v1/mfa/backup-codes" }) },
  readMfaPolicy: { request: () => ({ path: "/v1/mfa/policy" }) },
  changeMfaPolicy: {
    request: async ({ stack, target, role }) => ({
      path: "/v1/mfa/policy",
      body: { requiredFor: [] },
      token: (await enrolTotp(stack, await inviteMember(stack, target.head, role))).accessToken,
    }),
  },
  previewMfaPolicy: {
    request: () => ({ path: "/v1/mfa/policy/preview", body: { requiredFor: ["viewer"] } }),
  },
  verifyMfaToken: {
    request: async (scene) => {
      const somebody = await anybody(scene);
      const mfaToken = await askForMfaToken(scene.stack, somebody);
      return { path: "/v1/auth/mfa/totp", body: { mfaToken, code: somebody.app.nextCode() } };
    },
  },
  verifyBackupCode: {
    request: async (scene) => {
      const somebody = await anybody(scene);
      const mfaToken = await askForMfaToken(scene.stack, somebody);
      const [code] = somebody.backupCodes;
      return { path: "/v1/auth/mfa/backup-code", body: { mfaToken, code } };
    },
  },
  signInWithDevice: {
    request: async (scene) => {
      const { stack } = scene;
      const somebody = await anybody(scene);
      const { deviceId, prove } = await registerDevice(stack, somebody);
      const mfaToken = await askForMfaToken(stack, somebody);
      const nonce = nonceOf(mfaToken);
      const proof = prove({ nonce, aud: stack.url, nowMs: stack.now() });
      return { path: "/v1/auth/mfa/device", body: { mfaToken, deviceId, proof } };
    },
  },
};
