import { randomUUID } from "node:crypto";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { contention, isLastAttempt, pauseAfterConflict } from "./resend-conflicting.ts";

export type Statement = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** A transaction either committed, or says which statement's condition failed and the item it met. */
export type Outcome =
  | { committed: true }
  | { committed: false; failed: ReadonlyMap<number, Record<string, unknown> | undefined> };

/**
 * Writes all statements or none. A conflict with a concurrent transaction is retried a few times
 * with jitter; the caller is told `contention` (503, nothing written) when it persists.
 *
 * @throws Problem `contention`
 */
export async function transact(
  documents: DynamoDBDocumentClient,
  statements: readonly Statement[],
): Promise<Outcome> {
  // The same token in every attempt: where an answer was lost, a repeat is told that all is written.
  const ClientRequestToken = randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      await documents.send(
        new TransactWriteCommand({ TransactItems: [...statements], ClientRequestToken }),
      );
      return { committed: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const failed = new Map(
        reasons.flatMap(({ Code, Item }, index) =>
          Code === "ConditionalCheckFailed" ? [[index, Item && unmarshall(Item)] as const] : [],
        ),
      );
      if (failed.size > 0) return { committed: false, failed };
      if (!reasons.some(({ Code }) => Code === "TransactionConflict")) throw error;
      if (isLastAttempt(attempt)) throw contention(error);
      await pauseAfterConflict(attempt);
    }
  }
}
