import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { newId } from "../../lib/id.ts";
import { credentials, region } from "../../local/aws-account.ts";
import type { MakeContender } from "./contender.ts";

interface Limiter {
  consume(key: string, points: number): Promise<unknown>;
  get(key: string): Promise<{ consumedPoints: number } | null>;
}

/** The part of rate-limiter-flexible that is used here; it is no dependency of this project. */
interface Package {
  readonly RateLimiterDynamo: new (
    options: Record<string, unknown>,
    ready: (error?: Error) => void,
  ) => Limiter;
}

// Named in a variable, so that type checking does not need the package.
const packageName: string = "rate-limiter-flexible";

/** Its DynamoDB store with a window of a month; absent where it is not installed. */
export async function rateLimiterFlexible(endpoint: string): Promise<MakeContender | undefined> {
  const library: Package | undefined = await import(packageName).catch(() => undefined);
  if (library === undefined) return undefined;
  const storeClient = new DynamoDB({ endpoint, region, credentials });
  return async (points) => {
    const limiter = await new Promise<Limiter>((resolve, reject) => {
      const created: Limiter = new library.RateLimiterDynamo(
        { storeClient, points, duration: 30 * 86_400, tableName: newId("record") },
        (error) => (error ? reject(error) : setImmediate(() => resolve(created))),
      );
    });
    return {
      name: "rate-limiter-flexible, DynamoDB store",
      charge: () =>
        limiter.consume("tenant", 1).then(
          () => true,
          (refusal: unknown) => {
            if (refusal instanceof Error) throw refusal;
            return false;
          },
        ),
      stored: async () => (await limiter.get("tenant"))?.consumedPoints ?? 0,
    };
  };
}
