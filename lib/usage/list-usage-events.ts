import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import type { listUsageEventsRoute } from "./analytics-api.ts";
import type { HistoryStore, StoredLedgerEntry } from "./history-store.ts";
import { periodAt, periodNamed } from "./period.ts";
import type { Resource } from "./tiers.ts";
import { resources } from "./tiers.ts";

type Events = OperationBody<typeof listUsageEventsRoute>;

const pageSize = 100;

/**
 * A page of the ledger of a month, the present one unless said: every charge with a key. Entries are
 * found by their key, so they come by resource and key.
 */
export async function listUsageEvents(
  { query, caller }: OperationRequest<typeof listUsageEventsRoute>,
  { history, now }: { history: HistoryStore; now: Clock },
): Promise<Events> {
  const period = query.period ? periodNamed(query.period) : periodAt(now());
  const start = placeOf(query.cursor);
  const items: Events["items"] = [];
  let afterKey = start.afterKey;
  for (const resource of resources.slice(resources.indexOf(start.resource))) {
    const page = await history.listLedger(caller.manufacturerId, resource, period, {
      afterKey,
      limit: pageSize - items.length,
    });
    items.push(...page.entries.map((entry) => toEvent(resource, entry)));
    if (page.lastKey !== undefined && items.length >= pageSize) {
      return { items, nextCursor: encodeCursor({ resource, afterKey: page.lastKey }) };
    }
    if (items.length >= pageSize) return withNext(items, resource);
    afterKey = undefined;
  }
  return { items };
}

/** The page is full exactly at the end of a resource: the next one begins the next page. */
function withNext(items: Events["items"], resource: Resource): Events {
  const next = resources[resources.indexOf(resource) + 1];
  return next ? { items, nextCursor: encodeCursor({ resource: next, afterKey: "" }) } : { items };
}

function placeOf(cursor: string | undefined): {
  resource: Resource;
  afterKey: string | undefined;
} {
  if (cursor === undefined) return { resource: resources[0], afterKey: undefined };
  const { resource: name, afterKey } = decodeCursor(cursor, ["resource", "afterKey"]);
  const resource = resources.find((known) => known === name);
  if (!resource) throw invalidRequest([{ pointer: "/query/cursor", code: "invalid-format" }]);
  return { resource, afterKey: afterKey === "" ? undefined : afterKey };
}

const toEvent = (
  resource: Resource,
  { idempotencyKey, amount, chargedAtMs, memberId, requestId, refundedAtMs }: StoredLedgerEntry,
): Events["items"][number] => ({
  resource,
  idempotencyKey,
  amount,
  chargedAt: toRfc3339(chargedAtMs),
  memberId,
  requestId,
  ...(refundedAtMs === undefined ? {} : { refundedAt: toRfc3339(refundedAtMs) }),
});
