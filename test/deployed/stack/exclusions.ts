interface Exclusion {
  /** End of the test file's path. */
  file: string;
  /** The tests that are left out; all of the file unless said. */
  tests?: RegExp;
  /** Follows "needs". */
  needs: string;
}

/**
 * Tests that would not notice by themselves that a deployed stack cannot run them. Those that do, since
 * they reach for the local stack's clock, faults or counters, are not listed.
 */
const exclusions: readonly Exclusion[] = [
  {
    file: "isolation/matrix.test.ts",
    tests: /^readPerformanceHistory by operator/,
    needs: "log lines passed on by a filter on JSON fields",
  },
  {
    file: "performance/endpoints.test.ts",
    needs: "log lines passed on by a filter on JSON fields",
  },
  {
    file: "usage/raise-usage-alerts.test.ts",
    needs: "to know how far a stream's reader is",
  },
  {
    file: "notifications/send-notification.test.ts",
    tests: /^a usage limit at/,
    needs: "to know how far a stream's reader is",
  },
  {
    file: "encryption/encrypt-manufacturer-data.test.ts",
    tests: /^fails closed while the key service/,
    needs: "faults on demand",
  },
  { file: "access/loss-of-access.test.ts", needs: "a clock that can be set" },
  { file: "http/faults.test.ts", needs: "faults on demand" },
];

/** What a test needs that a deployed stack does not offer; undefined where nothing is known of. */
export const whatIsMissing = (path: string, test: string): string | undefined =>
  exclusions.find(({ file, tests }) => path.endsWith(file) && (tests?.test(test) ?? true))?.needs;
