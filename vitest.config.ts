import { defineConfig } from "vitest/config";

/** Only what hangs is ended: a busy machine fails no test. */
const timeoutMs = 240_000;

/** One project per folder of `test/`, cheapest first. Order is shuffled, so no test leans on another. */
const project = (name: string, options: Record<string, unknown> = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    sequence: { shuffle: true, groupOrder: 1 },
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    ...options,
  },
});

/** On a deployed stack, which the test files share one after the other; see `npm run test:deployed`. */
const deployed = project("deployed", {
  include: ["test/deployed/**/*.test.ts", "test/api/**/*.test.ts"],
  // They are about the local stack, start processes of their own, or need budgets that others have not spent.
  exclude: [
    "test/api/local/**",
    "test/api/abuse/**",
    "test/api/audit/records-survive-crashes.test.ts",
  ],
});

export default defineConfig({
  test: {
    projects: [
      project("unit", { setupFiles: ["test/support/forbid-sockets.ts"] }),
      project("contract", {
        globalSetup: ["test/support/build-once.ts", "test/support/problem-record.ts"],
        // After the others: it reads which problems the API tests have met.
        sequence: { shuffle: true, groupOrder: 2 },
      }),
      project("integration"),
      project("api", {
        globalSetup: ["test/support/build-once.ts", "test/support/problem-record.ts"],
      }),
      ...(process.env["DEPLOYED_STACK"] === undefined ? [] : [deployed]),
      project("infra", {
        globalSetup: ["test/support/build-once.ts", "test/infra/support/synthesize-once.ts"],
      }),
    ],
  },
});
