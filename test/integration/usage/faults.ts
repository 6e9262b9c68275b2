import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Deterministic pseudo-random numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class ResponseLost extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Makes a client lose the given share of its responses after the request was carried out, and
 * cancels the given share of its transactions by a conflict before they are: what a network and a
 * busy table do, and an emulator does not.
 *
 * Losses are put where the SDK's own retries see them, so that both its repeats and the caller's count.
 */
export function injectFaults(
  documents: DynamoDBDocumentClient,
  { lost, conflict, seed }: { lost: number; conflict: number; seed: number },
): { losses: () => number; conflicts: () => number } {
  const next = random(seed);
  let losses = 0;
  let conflicts = 0;
  documents.middlewareStack.add(
    (handler, context) => async (args) => {
      const isTransaction = context.commandName === "TransactWriteItemsCommand";
      if (isTransaction && next() < conflict) {
        conflicts += 1;
        throw new TransactionCanceledException({
          message: "injected",
          $metadata: {},
          CancellationReasons: [{ Code: "TransactionConflict" }],
        });
      }
      const result = await handler(args);
      if (next() < lost) {
        losses += 1;
        throw new ResponseLost();
      }
      return result;
    },
    // Below the retry middleware and above the deserializer, which turns a response into a result.
    { step: "finalizeRequest", priority: "low", name: "injectFaults", override: true },
  );
  return { losses: () => losses, conflicts: () => conflicts };
}
