import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { systemOrigin } from "../audit/origin.ts";
import { parseCounterKey } from "../aws/item-keys.ts";
import type { Clock } from "../clock.ts";
import type { Alert, RaiseAlert } from "./alert-store.ts";
import { crossedAlerts } from "./alerts.ts";
import type { Counter } from "./counter.ts";
import { resources } from "./tiers.ts";

export interface RaiseUsageAlertsDependencies {
  raise: RaiseAlert;
  now: Clock;
}

/**
 * Follows the counters' stream and raises each alert once per period and limit. The crossing is read
 * from what was stored, so a response that was lost on the way loses no alert.
 */
export async function raiseUsageAlerts(
  event: DynamoDBStreamEvent,
  { raise, now }: RaiseUsageAlertsDependencies,
): Promise<{ raised: number }> {
  let raised = 0;
  for (const record of event.Records) {
    for (const alert of alertsOf(record)) {
      if (await raise(alert, systemOrigin(record.eventID ?? "stream"), now())) raised += 1;
    }
  }
  return { raised };
}

function alertsOf({ dynamodb }: DynamoDBRecord): Alert[] {
  if (!dynamodb?.NewImage) return [];
  const after = toItem(dynamodb.NewImage);
  const key = parseCounterKey(after);
  const resource = resources.find((name) => name === key?.resource);
  if (!key || !resource) return [];
  const before = dynamodb.OldImage && toItem(dynamodb.OldImage);
  const { used, limit } = after;
  return crossedAlerts(before, after).map((alert) => ({
    manufacturerId: key.manufacturerId,
    period: key.period,
    resource,
    alert,
    used,
    limit,
  }));
}

const toItem = (image: object): Counter & { pk: string; sk: string } =>
  unmarshall(image as Record<string, AttributeValue>) as Counter & { pk: string; sk: string };
