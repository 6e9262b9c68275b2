const rounds = 16;
const roundMs = 25;

/**
 * CPU microseconds per call of each operation: the median of rounds in which all of them take turns,
 * so that whatever else the machine does meets all of them alike.
 */
export async function measureInterleaved(
  operations: readonly (() => unknown)[],
): Promise<number[]> {
  const calls: number[] = [];
  for (const operation of operations) calls.push(await countCalls(operation));
  const samples: number[][] = operations.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    // There and back: a drift of the machine within two rounds cancels out (ABBA).
    const turns = [...operations.entries()];
    for (const [index, operation] of round % 2 === 0 ? turns : turns.reverse()) {
      const count = calls[index] ?? 1;
      samples[index]?.push((await spend(operation, count)) / count);
    }
  }
  return samples.map(median);
}

/** How many calls fill a round; warms the code up on the way. */
async function countCalls(operation: () => unknown): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const microseconds = await spend(operation, count);
    if (microseconds > roundMs * 1000) return count;
  }
}

/** CPU microseconds of `count` calls, garbage collection and helper threads included. */
async function spend(operation: () => unknown, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < count; call += 1) {
    const result = operation();
    if (result instanceof Promise) await result;
  }
  const { system, user } = process.cpuUsage(before);
  return system + user;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}
