import type { EmulatedService } from "./faults.ts";

/** Calls by service and operation. */
export type CallCounts = Record<EmulatedService, Record<string, number>>;

export interface CallCounter {
  add: (service: EmulatedService, operation: string) => void;
  /** A copy, which later calls do not change. */
  counts: () => CallCounts;
  reset: () => void;
}

export function createCallCounter(): CallCounter {
  let counts: CallCounts = { dynamodb: {}, kms: {} };
  return {
    add: (service, operation) => {
      counts[service][operation] = (counts[service][operation] ?? 0) + 1;
    },
    counts: () => structuredClone(counts),
    reset: () => {
      counts = { dynamodb: {}, kms: {} };
    },
  };
}
