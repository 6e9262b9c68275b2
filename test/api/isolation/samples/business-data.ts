import type { Samples } from "./scene.ts";

export const businessDataSamples: Samples = {
  validateBusinessData: {
    request: () => ({
      path: "/v1/business-data/validate",
      body: { country: "US", phone: "(202) 456-1111" },
    }),
  },
};
