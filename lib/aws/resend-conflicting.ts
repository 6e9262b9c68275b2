import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { TransactionConflictException } from "@aws-sdk/client-dynamodb";
import { Problem } from "../problem.ts";

const attemptsMax = 5;
const delayMs = 20;

/** Waits out a conflict: a random time, twice as long on average with each attempt. */
export const pauseAfterConflict = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * delayMs * 2 ** attempt));

/** Whether a conflict at this attempt is the caller's to know. */
export const isLastAttempt = (attempt: number): boolean => attempt >= attemptsMax;

/** 503, nothing written: the caller may send the same request again. */
export const contention = (cause: unknown): Problem =>
  new Problem("contention", { cause, headers: { "retry-after": "1" } });

/**
 * Makes a client send a single write again that met a transaction on its item. DynamoDB refuses such
 * a write and the SDK does not repeat it; nothing was written, so repeating is safe.
 *
 * @throws Problem `contention`, from whatever the client sends
 */
export function resendConflicting(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next) => async (request) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await next(request);
        } catch (error) {
          if (!(error instanceof TransactionConflictException)) throw error;
          if (isLastAttempt(attempt)) throw contention(error);
          await pauseAfterConflict(attempt);
        }
      }
    },
    { name: "resendConflicting", step: "finalizeRequest", priority: "high" },
  );
  return client;
}
