import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { usageKeys } from "../../lib/aws/item-keys.ts";
import { newId } from "../../lib/id.ts";
import { charger } from "../../lib/usage/charge.ts";
import { Leases } from "../../lib/usage/leases.ts";
import { periodAt } from "../../lib/usage/period.ts";
import { usageStore } from "../../lib/usage/store.ts";
import type { Resource } from "../../lib/usage/tiers.ts";
import type { MakeContender } from "./contender.ts";

const noonMs = Date.UTC(2026, 10, 14, 12);

interface Options {
  name: string;
  resource: Resource;
  hasKey: boolean;
  /** Environments that charge in turn, each with a memory of its own; one unless said. */
  environments?: number;
  /** Whether they take leases once they charge often. */
  hasLeases?: boolean;
}

/** Our own charge, as the operation does it, without HTTP around it. */
export const ourCounter =
  (
    documents: DynamoDBDocumentClient,
    { name, resource, hasKey, environments = 1, hasLeases = false }: Options,
  ): MakeContender =>
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
    const charges = Array.from({ length: environments }, () =>
      charger(usage, hasLeases ? new Leases(usage) : undefined),
    );
    let serial = 0;
    return {
      name,
      charge: async () => {
        serial += 1;
        const charge = charges[serial % environments] as ReturnType<typeof charger>;
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
