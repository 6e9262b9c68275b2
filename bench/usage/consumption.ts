import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export interface Consumption {
  requests: number;
  /** Read and write units together, as the emulator states them. */
  units: number;
}

/** Counts a client's requests, and what the database says that each consumed. */
export function countConsumption(documents: DynamoDBDocumentClient): { take: () => Consumption } {
  let consumption: Consumption = { requests: 0, units: 0 };
  documents.middlewareStack.add(
    (next) => async (args) => {
      consumption.requests += 1;
      const input = { ...args.input, ReturnConsumedCapacity: "TOTAL" };
      const answer = await next({ ...args, input } as typeof args);
      const { ConsumedCapacity = [] } = answer.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat())
        consumption.units += CapacityUnits;
      return answer;
    },
    { step: "initialize", name: "countConsumption" },
  );
  return {
    take: () => {
      const taken = consumption;
      consumption = { requests: 0, units: 0 };
      return taken;
    },
  };
}
