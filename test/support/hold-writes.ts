import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";

export interface HeldWrites {
  /** Like the client it was made of, but for transactions: they wait. */
  documents: DynamoDBDocumentClient;
  /** Resolves when the first transaction is about to be sent. */
  arrived: Promise<void>;
  release: () => void;
}

/** Holds every transaction of a client just before it is sent: between a check and the commit. */
export function holdWrites(documents: DynamoDBDocumentClient): HeldWrites {
  const arrival = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof TransactWriteCommand) {
      arrival.resolve();
      await gate.promise;
    }
    return documents.send(command as Parameters<DynamoDBDocumentClient["send"]>[0]);
  };
  return {
    documents: { send } as unknown as DynamoDBDocumentClient,
    arrived: arrival.promise,
    release: gate.resolve,
  };
}
