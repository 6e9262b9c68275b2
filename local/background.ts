import { retry } from "./retry.ts";

/** Invokes functions that nobody waits for, as streams, events and log lines do. */
export interface Background {
  /** Retries until it succeeds; what fails for good is reported, and resolves too. */
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  /** Invocations begun and ended so far: the same number twice, and nothing was under way between. */
  count: () => number;
  /** Aborted when the stack closes: what was under way is then not done. */
  signal: AbortSignal;
  close: () => void;
}

export function createBackground(
  invoke: (operationId: string, event: unknown) => Promise<unknown>,
  onFailure: (operationId: string, error: unknown) => void,
): Background {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  return {
    signal,
    count: () => count,
    close: () => controller.abort(),
    invoke: async (operationId, event) => {
      count += 1;
      try {
        return await retry(() => invoke(operationId, event), signal);
      } catch (error) {
        if (!signal.aborted) onFailure(operationId, error);
        return undefined;
      } finally {
        count += 1;
      }
    },
  };
}
