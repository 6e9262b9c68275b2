import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { transact } from "../../../lib/aws/transact.ts";
import type { TestDatabase } from "../usage/database.ts";
import { startDatabase } from "../usage/database.ts";
import { ResponseLost } from "../usage/faults.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const Key = { pk: "TEST#transact", sk: "COUNTER" };

it("a transaction whose answer is lost, and whose repeat meets another transaction, is written once and said to be", async () => {
  const { documents } = database;
  const fates = ["lost", "conflict"];
  documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const fate = commandName === "TransactWriteItemsCommand" ? fates.shift() : undefined;
        if (fate === "conflict")
          throw new TransactionCanceledException({
            message: "scripted",
            $metadata: { httpStatusCode: 400 },
            CancellationReasons: [{ Code: "TransactionConflict" }],
          });
        const answer = await next(args);
        if (fate === "lost") throw new ResponseLost();
        return answer;
      },
    { step: "finalizeRequest", priority: "low", name: "script" },
  );
  const outcome = await transact(documents, [
    {
      Update: {
        TableName: "usage",
        Key,
        UpdateExpression: "ADD written :one",
        ExpressionAttributeValues: { ":one": 1 },
      },
    },
  ]);
  expect(outcome).toEqual({ committed: true });
  const { Item } = await documents.send(new GetCommand({ TableName: "usage", Key }));
  expect(Item).toMatchObject({ written: 1 });
  expect(fates).toEqual([]);
});
