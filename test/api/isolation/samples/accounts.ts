import {
  inviteMember,
  newEmail,
  password,
  readLinkToken,
  sendInvitation,
  signUpRequest,
} from "../../../support/manufacturer.ts";
import type { Samples, Scene } from "./scene.ts";

/** A member nobody has signed in as: cheap to make, good for one change. */
const someMember = async ({ stack, target }: Scene): Promise<string> =>
  (await sendInvitation(stack, target.head, target.leastRole)).memberId;

export const accountSamples: Samples = {
  createManufacturer: {
    request: () => ({ path: "/v1/manufacturers", body: signUpRequest(newEmail()) }),
  },
  verifyEmail: {
    request: async ({ stack }) => {
      const email = newEmail();
      await stack.http.post("/v1/manufacturers", { body: signUpRequest(email) });
      const token = await readLinkToken(stack, email);
      return { path: "/v1/auth/email/verify", body: { token, password } };
    },
  },
  readManufacturer: { request: () => ({ path: "/v1/manufacturers/me" }) },
  exportManufacturer: { request: () => ({ path: "/v1/manufacturers/me/export" }) },
  exportMember: { request: () => ({ path: "/v1/members/me/export" }) },
  listMembers: { request: () => ({ path: "/v1/members" }) },
  createMember: {
    request: ({ target }) => ({
      path: "/v1/members",
      body: { name: "Ada Lovelace", email: newEmail(), role: target.leastRole },
    }),
  },
  acceptInvitation: {
    request: async ({ stack, target }) => {
      const { token } = await sendInvitation(stack, target.head, target.leastRole);
      return { path: "/v1/invitations/accept", body: { token, password } };
    },
  },
  changeMemberRole: {
    namesResource: true,
    request: async (scene) => ({
      path: `/v1/members/${await someMember(scene)}`,
      body: { role: scene.role === "operator" ? "operator" : "editor" },
    }),
  },
  removeMember: {
    namesResource: true,
    request: async (scene) => ({ path: `/v1/members/${await someMember(scene)}` }),
  },
  resetMember: {
    namesResource: true,
    request: async ({ stack, target }) => {
      // A new one each time: a member is sent a few links an hour.
      const { memberId } = await inviteMember(stack, target.head, target.leastRole);
      return { path: `/v1/members/${memberId}/reset` };
    },
  },
};
