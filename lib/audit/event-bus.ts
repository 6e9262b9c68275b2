import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { eventSource } from "./event-source.ts";
import type { AuditRecord } from "./record.ts";

/** The service's limit per call. */
const entriesMax = 10;

/** Publishes records on the bus: the action is the detail type, the record the detail. */
export const eventPublisher =
  (events: EventBridgeClient, busName: string) =>
  async (records: readonly AuditRecord[]): Promise<void> => {
    for (let start = 0; start < records.length; start += entriesMax) {
      const { FailedEntryCount = 0 } = await events.send(
        new PutEventsCommand({
          Entries: records.slice(start, start + entriesMax).map((record) => ({
            EventBusName: busName,
            Source: eventSource,
            DetailType: record.action,
            Time: new Date(record.time),
            Detail: JSON.stringify(record),
          })),
        }),
      );
      if (FailedEntryCount > 0) throw new Error(`${FailedEntryCount} events were not accepted`);
    }
  };
