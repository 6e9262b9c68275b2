import type { Samples } from "./scene.ts";

export const operatorSamples: Samples = {
  unlockMember: {
    namesResource: true,
    request: ({ target }) => ({
      path: `/v1/operator/members/${target.colleague.memberId}/unlock`,
    }),
  },
};
