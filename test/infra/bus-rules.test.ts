import { globSync, readFileSync } from "node:fs";
import type {
  EventBridgeClient,
  PutEventsCommand,
  PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { eventPublisher } from "../../lib/audit/event-bus.ts";
import type { AuditRecord } from "../../lib/audit/record.ts";
import { tasks } from "../../lib/routes.ts";
import { assembly, nameIn } from "./support/product.ts";

const rules = tasks.flatMap((task) =>
  task.triggers.flatMap((trigger, index) =>
    trigger.kind === "event"
      ? [
          {
            name: task.operationId,
            prefixes: trigger.detailTypePrefixes,
            id: nameIn(task, `Trigger${index}`),
          },
        ]
      : [],
  ),
);

describe("the rules on the bus", () => {
  it.each(rules)("ask for what the publisher writes: $name", async ({ prefixes, id }) => {
    const { properties } = assembly.named(id);
    const pattern = properties["EventPattern"] as {
      source: string[];
      "detail-type": { prefix: string }[];
    };
    const written = await publishedEntries(actionsInCode());
    for (const prefix of prefixes) {
      const matched = written.filter(
        ({ Source = "", DetailType = "" }) =>
          pattern.source.includes(Source) &&
          pattern["detail-type"].some((one) => DetailType.startsWith(one.prefix)) &&
          DetailType.startsWith(prefix),
      );
      expect(matched, prefix).not.toHaveLength(0);
    }
  });
});

/** What the publisher puts on the bus for records of these actions. */
async function publishedEntries(actions: readonly string[]): Promise<PutEventsRequestEntry[]> {
  const entries: PutEventsRequestEntry[] = [];
  const client = {
    send: async ({ input }: PutEventsCommand) => {
      entries.push(...(input.Entries ?? []));
      return {};
    },
  } as unknown as EventBridgeClient;
  await eventPublisher(
    client,
    "bus",
  )(actions.map((action) => ({ action, time: new Date(0).toISOString() }) as AuditRecord));
  return entries;
}

/** Actions that rules write into the audit, as they stand in the code; not in the rows, which ask for them. */
function actionsInCode(): string[] {
  const root = new URL("../../", import.meta.url);
  const paths = globSync("lib/*/*.ts", { cwd: root, exclude: ["**/*api.ts", "**/tasks.ts"] });
  const texts = paths.map((path) => readFileSync(new URL(path, root), "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/"([a-z-]+(?:\.[a-z-]+){2})"/g)]);
  return [...new Set(found.map(([, action = ""]) => action))];
}
