import type { SignedInMember } from "../../../support/manufacturer.ts";
import {
  claimsOf,
  inviteMember,
  readLinkToken,
  readNotMeToken,
  signIn,
  signUp,
} from "../../../support/manufacturer.ts";
import { enrolTotp } from "../../../support/second-factor.ts";
import type { Samples, Scene } from "./scene.ts";

const next = "seven brass lanterns";

/** Another session of the caller's. */
const anotherSession = ({ stack, caller: { email, password } }: Scene): Promise<SignedInMember> =>
  signIn(stack, { email, password });

export const authSamples: Samples = {
  signIn: {
    request: ({ caller: { email, password } }) => ({
      path: "/v1/auth/sign-in",
      body: { email, password },
    }),
  },
  signInKnownDevice: {
    request: async (scene) => {
      const { email, password, knownDevice } = await anotherSession(scene);
      return { path: "/v1/auth/sign-in/known-device", body: { email, password, knownDevice } };
    },
  },
  refresh: {
    request: async (scene) => ({
      path: "/v1/auth/refresh",
      body: { refreshToken: (await anotherSession(scene)).refreshToken },
    }),
  },
  signOut: {
    request: async (scene) => ({
      path: "/v1/auth/sign-out",
      token: (await anotherSession(scene)).accessToken,
    }),
  },
  listSessions: { request: () => ({ path: "/v1/auth/sessions" }) },
  endSession: {
    namesResource: true,
    request: async (scene) => {
      const { caller, target } = scene;
      const isOwn = target.manufacturerId === caller.manufacturerId;
      const { accessToken } = isOwn ? await anotherSession(scene) : target.head;
      return { path: `/v1/auth/sessions/${claimsOf(accessToken)["sid"]}` };
    },
  },
  endOtherSessions: {
    request: async ({ stack }) => {
      const somebody = await signUp(stack);
      await signIn(stack, somebody);
      return { path: "/v1/auth/sessions", token: somebody.accessToken };
    },
  },
  listMemberSessions: {
    namesResource: true,
    request: ({ target }) => ({ path: `/v1/members/${target.colleague.memberId}/sessions` }),
  },
  endMemberSessions: {
    namesResource: true,
    request: async ({ stack, target }) => {
      const { memberId } = await inviteMember(stack, target.head, target.leastRole);
      return { path: `/v1/members/${memberId}/sessions` };
    },
  },
  changePassword: {
    request: async ({ stack, target, role }) => {
      const somebody = await inviteMember(stack, target.head, role);
      return {
        path: "/v1/auth/password/change",
        token: somebody.accessToken,
        body: { current: somebody.password, new: next },
      };
    },
  },
  forgotPassword: {
    request: ({ target }) => ({
      path: "/v1/auth/password/forgot",
      body: { email: target.colleague.email },
    }),
  },
  resetPassword: {
    request: async ({ stack, target }) => {
      const { email } = await inviteMember(stack, target.head, target.leastRole);
      await stack.http.post("/v1/auth/password/forgot", { body: { email } });
      const token = await readLinkToken(stack, email);
      return { path: "/v1/auth/password/reset", body: { token, password: next } };
    },
  },
  notMe: {
    request: async ({ stack }) => {
      const { email } = await enrolTotp(stack, await signUp(stack));
      return { path: "/v1/auth/not-me", body: { token: await readNotMeToken(stack, email) } };
    },
  },
  validateToken: {
    request: ({ caller }) => ({
      path: "/v1/auth/tokens/validate",
      body: { token: caller.accessToken },
    }),
  },
  publishKeys: { request: () => ({ path: "/.well-known/jwks.json" }) },
  describeAuthorizationServer: {
    request: () => ({ path: "/.well-known/oauth-authorization-server" }),
  },
  describeIssuer: { request: () => ({ path: "/.well-known/openid-configuration" }) },
};
