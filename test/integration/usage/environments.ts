import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ChargeUsage } from "../../../lib/usage/charge.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import type { UsageStore } from "../../../lib/usage/store.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import type { Resource } from "../../../lib/usage/tiers.ts";
import type { TestDatabase } from "./database.ts";
import { connect } from "./database.ts";
import { newTenant, noonMs } from "./tenant.ts";

/** Environments of a function: clients and memories of their own, whose requests are counted. */
export function environmentsOf(
  database: TestDatabase,
  count: number,
  prepare?: (client: DynamoDBDocumentClient) => void,
  chargerOf: (usage: UsageStore) => ChargeUsage = (usage) => charger(usage),
) {
  const clients = Array.from({ length: count }, () => connect(database.endpoint));
  let requests = 0;
  for (const client of clients) {
    prepare?.(client);
    client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "count" },
    );
  }
  const charges = clients.map((client) => chargerOf(usageStore(client, "usage")));
  return {
    charges,
    /** The environment that serves a turn, one after the other. */
    chargeAt: (turn: number) => charges[turn % count] as ChargeUsage,
    /** Requests since the last look. */
    takeRequests: () => {
      const taken = requests;
      requests = 0;
      return taken;
    },
    close: () => {
      for (const client of clients) client.destroy();
    },
  };
}

/** A tenant whose counters are there already: the first charge of a month takes longer. */
export async function warmTenant(
  { documents }: TestDatabase,
  limits: Partial<Record<Resource, number>>,
): Promise<string> {
  const tenant = await newTenant(documents, "free", limits);
  const store = usageStore(documents, "usage");
  const plan = await store.readPlan(tenant);
  if (!plan) throw new Error("the tenant has no plan");
  for (const resource of Object.keys(limits) as Resource[])
    await store.settle(plan, { resource, period: periodAt(noonMs), nowMs: noonMs });
  return tenant;
}
