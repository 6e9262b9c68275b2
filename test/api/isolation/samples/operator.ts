import { signUp } from "../../../support/manufacturer.ts";
import type { Samples } from "./scene.ts";

export const operatorSamples: Samples = {
  unlockMember: {
    namesResource: true,
    request: async ({ stack }) => {
      // A new one each time: whoever is unlocked has to choose a new password.
      const { memberId } = await signUp(stack);
      return { path: `/v1/operator/members/${memberId}/unlock` };
    },
  },
};
