import type { Stack } from "../../local/stack.ts";

export interface CountedCalls {
  dynamodb: number;
  kms: number;
}

type CountingStack = Pick<Stack, "settled" | "resetCalls" | "calls">;

/** Calls to the services, counted at their sockets, from the begin of `run` to its end. */
export async function countCalls(
  stack: CountingStack,
  run: () => Promise<unknown>,
): Promise<CountedCalls> {
  await stack.settled();
  stack.resetCalls();
  await run();
  const { dynamodb, kms } = stack.calls();
  return { dynamodb: sum(dynamodb), kms: sum(kms) };
}

/**
 * The least of several counts: what runs behind a request, such as the mail it causes, may fall into
 * one count, and only ever adds.
 */
export async function leastCalls(
  stack: CountingStack,
  run: (attempt: number) => Promise<unknown>,
): Promise<CountedCalls> {
  const counts: CountedCalls[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    counts.push(await countCalls(stack, () => run(attempt)));
  }
  return {
    dynamodb: Math.min(...counts.map(({ dynamodb }) => dynamodb)),
    kms: Math.min(...counts.map(({ kms }) => kms)),
  };
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
