import { auditKeys } from "../aws/item-keys.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import { Problem } from "../problem.ts";
import type { listAuditRecordsRoute } from "./api.ts";
import type { AuditRecord } from "./record.ts";
import type { AuditReader } from "./store.ts";

const pageSize = 50;
/** Empty days cost a call each, as do records that do not fit: a longer span is read in several pages. */
const callsPerPageMax = 31;
/** Records that a call looks at for those that fit; some hundred kilobytes. */
const searchedPerCall = 500;
const dayMs = 24 * 3_600_000;
const spanDaysMax = 31;

/**
 * Reads a manufacturer's records between two times at most 31 days apart, newest first, a week back unless said; with a
 * filter only those that fit it. Records lie in one partition per day, so a page walks days backwards
 * until it is full, or has looked at enough. A cursor is a place in time: whatever is written later is
 * before it, so that pages neither repeat nor miss a record.
 */
export async function listAuditRecords(
  { query, caller }: OperationRequest<typeof listAuditRecordsRoute>,
  { readDay, now }: { readDay: AuditReader; now: Clock },
): Promise<OperationBody<typeof listAuditRecordsRoute>> {
  const to = query.to ?? toRfc3339(now());
  const from = query.from ?? toRfc3339(Date.parse(to) - 7 * dayMs);
  if (Date.parse(from) > Date.parse(to)) {
    throw invalidRequest([{ pointer: "/query/from", code: "after-to" }]);
  }
  if (Date.parse(to) - Date.parse(from) >= (spanDaysMax + 1) * dayMs) {
    throw new Problem("invalid-request", {
      detail: `Ask for at most ${spanDaysMax} days at a time: give a later from, or an earlier to.`,
      extra: { errors: [{ pointer: "/query/from", code: "span-too-long" }] },
    });
  }
  const after = toRfc3339(Date.parse(to) + 1);
  const cursor = query.cursor ? readCursor(query.cursor) : after;
  // A cursor of another request does not lead out of the span.
  const [before = after] = [cursor, after].sort();
  const first = toRfc3339(Date.parse(from));
  const { actorId, action, outcome } = query;
  const isFiltered = [actorId, action, outcome].some((wanted) => wanted !== undefined);
  const items: AuditRecord[] = [];
  let end = before;
  for (let calls = 0; end > first; calls++) {
    const room = pageSize - items.length;
    if (room <= 0 || calls === callsPerPageMax) {
      return { items, nextCursor: encodeCursor({ before: end }) };
    }
    const { manufacturerId } = caller;
    const limit = isFiltered ? searchedPerCall : room;
    const day = dayBefore(end);
    const page = await readDay({ manufacturerId, day, end, limit, actorId, action, outcome });
    const found = page.records.filter(({ time }) => time >= first);
    items.push(...found.slice(0, room));
    const last = found.length > room ? items.at(-1) : undefined;
    end = last
      ? auditKeys.record(manufacturerId, last.time, last.recordId).sk
      : (page.lastSortKey ?? day);
  }
  return { items };
}

const position = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z(#rec_[\w-]{22})?)?$/;

/** A day, a time or a sort key, as this operation issues them. */
function readCursor(cursor: string): string {
  const { before } = decodeCursor(cursor, ["before"]);
  if (position.test(before) && !Number.isNaN(Date.parse(before.slice(0, 24)))) return before;
  throw invalidRequest([{ pointer: "/query/cursor", code: "invalid-format" }]);
}

/** The day that holds the last instant before `end`, a time or a sort key that begins with one. */
const dayBefore = (end: string): string =>
  end.length === 10 || end.slice(10) === "T00:00:00.000Z"
    ? toRfc3339(Date.parse(end.slice(0, 10)) - dayMs).slice(0, 10)
    : end.slice(0, 10);
