import { setTimeout as delay } from "node:timers/promises";

const attemptsMax = 20;
const delayMaxMs = 2000;
const firstDelayMs = 25;

/**
 * Repeats what fails, waiting longer each time, for about half a minute in all.
 *
 * @throws the last error, or the signal's reason when it is aborted
 */
export async function retry<Result>(
  run: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attemptsMax) throw error;
      await delay(Math.min(delayMaxMs, firstDelayMs * 2 ** attempt), undefined, { signal });
    }
  }
}
