import { defineConfig } from "vitest/config";

const timeoutMs = 60_000;

/** One project per folder of `test/`, cheapest first. Order is shuffled, so no test leans on another. */
const project = (name: string, options: Record<string, unknown> = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    sequence: { shuffle: true },
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    ...options,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", { setupFiles: ["test/support/forbid-sockets.ts"] }),
      project("contract", { globalSetup: ["test/support/build-once.ts"] }),
      project("integration"),
      project("api", { globalSetup: ["test/support/build-once.ts"] }),
      project("infra", {
        globalSetup: ["test/support/build-once.ts", "test/infra/support/synthesize-once.ts"],
      }),
    ],
  },
});
