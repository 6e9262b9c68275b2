import type { Samples } from "./scene.ts";

export const threatSamples: Samples = {
  detectThreat: {
    request: () => ({ path: "/v1/threats/detect", body: { data: { name: "UNION, 1/2 inch" } } }),
  },
};
