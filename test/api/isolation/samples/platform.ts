import type { Samples } from "./scene.ts";

export const platformSamples: Samples = {
  readContract: { request: () => ({ path: "/openapi.json" }) },
};
