import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { Problem } from "../problem.ts";
import type { ItemKey } from "./item-keys.ts";

/** A key as one string, to find its item in a batch. */
export const keyText = ({ pk, sk }: ItemKey): string => JSON.stringify([pk, sk]);

const attemptsMax = 3;

/**
 * Reads up to 100 items of one table consistently, by key. What the service leaves out for lack of
 * throughput is asked for again, twice.
 *
 * @throws Problem `unavailable`
 */
export async function readBatch(
  documents: DynamoDBDocumentClient,
  table: string,
  keys: readonly ItemKey[],
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const items = new Map<string, Record<string, unknown>>();
  let pending: readonly Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let attempt = 1; pending.length > 0; attempt++) {
    if (attempt > attemptsMax)
      throw new Problem("unavailable", { headers: { "retry-after": "1" } });
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({
        RequestItems: { [table]: { ConsistentRead: true, Keys: [...pending] } },
      }),
    );
    for (const item of Responses?.[table] ?? []) {
      items.set(keyText(item as unknown as ItemKey), item);
    }
    pending = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}
