import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../clock.ts";
import { charger } from "./charge.ts";
import { Leases } from "./leases.ts";
import type { Meter } from "./meter.ts";
import { usageMeter } from "./meter.ts";
import { refunder } from "./refund.ts";
import { usageStore } from "./store.ts";

/** Everything that metering a route takes, from a function's environment. */
export function meterOf(
  documents: DynamoDBDocumentClient,
  env: { USAGE_TABLE: string },
  now: Clock,
): Meter {
  const usage = usageStore(documents, env.USAGE_TABLE);
  return usageMeter(charger(usage, new Leases(usage)), refunder(usage), now);
}
