import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../../lib/aws/item-keys.ts";
import { newId } from "../../lib/id.ts";
import { charger } from "../../lib/usage/charge.ts";
import { periodAt } from "../../lib/usage/period.ts";
import { usageStore } from "../../lib/usage/store.ts";
import type { Resource } from "../../lib/usage/tiers.ts";
import type { MakeContender } from "./contender.ts";

const noonMs = Date.UTC(2026, 10, 14, 12);

interface Options {
  name: string;
  resource: Resource;
  hasKey: boolean;
}

/** Our own charge, as the operation does it, without HTTP around it. */
export const ourCounter =
  (documents: DynamoDBDocumentClient, { name, resource, hasKey }: Options): MakeContender =>
  async (limit) => {
    const manufacturerId = newId("manufacturer");
    const override = { limit, overageMax: 0, reason: "bench", setBy: "mem", setAtMs: 0 };
    await documents.send(
      new PutCommand({
        TableName: "usage",
        Item: {
          ...usageKeys.plan(manufacturerId),
          manufacturerId,
          tier: "free",
          version: 1,
          overrides: { [resource]: override },
        },
      }),
    );
    const usage = usageStore(documents, "usage");
    const charge = charger(usage);
    let serial = 0;
    return {
      name,
      charge: async () => {
        serial += 1;
        const { outcome } = await charge({
          manufacturerId,
          resource,
          amount: 1,
          nowMs: noonMs,
          idempotencyKey: hasKey ? `key-${serial}` : undefined,
          memberId: "mem",
          requestId: "req",
        });
        return outcome === "charged";
      },
      stored: async () =>
        (await usage.readCounter(manufacturerId, resource, periodAt(noonMs)))?.used ?? 0,
    };
  };
