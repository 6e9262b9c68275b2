import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import { invalidRequest } from "../http/response.ts";
import { Problem } from "../problem.ts";
import type { readPerformanceHistoryRoute } from "./api.ts";
import { estimateQuantile } from "./quantile-interval.ts";
import type { Rollup } from "./rollup.ts";
import { hourMs } from "./rollup.ts";
import type { RollupStore } from "./rollup-store.ts";
import { roundEstimate, rounded } from "./rounded.ts";
import { trendOf } from "./trend.ts";

type History = OperationBody<typeof readPerformanceHistoryRoute>;
type Item = History["items"][number];

const dayMs = 24 * hourMs;
const spanMaxMs = 31 * dayMs;

/**
 * An operation's hours between two times, oldest first, one item per hour and version; as JSON with
 * the trend of the median, or as CSV (RFC 4180).
 *
 * @throws Problem `invalid-request` for a span that is negative or longer than 31 days, `not-found`
 * for an operation that was never measured.
 */
export async function readPerformanceHistory(
  { query }: Pick<OperationRequest<typeof readPerformanceHistoryRoute>, "query">,
  { rollups, now }: { rollups: RollupStore; now: Clock },
): Promise<History | Reply<History>> {
  const { operation, format } = query;
  const toMs = query.to === undefined ? now() : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - dayMs : Date.parse(query.from);
  if (fromMs > toMs) throw invalidRequest([{ pointer: "/query/from", code: "after-to" }]);
  if (toMs - fromMs > spanMaxMs)
    throw invalidRequest([{ pointer: "/query/from", code: "too-small" }]);
  const hours = await rollups.list(operation, "hour", fromMs, toMs);
  if (hours.length === 0 && !(await isKnown(operation, rollups))) {
    throw new Problem("not-found", { detail: "No operation of this name was ever measured." });
  }
  const items = hours.map(toItem);
  if (format === "csv") {
    return new Reply(toCsv(items) as unknown as History, {
      "content-type": "text/csv; charset=utf-8; header=present",
    });
  }
  const trend = medianTrend(hours);
  return {
    operation,
    from: toRfc3339(fromMs),
    to: toRfc3339(toMs),
    items,
    ...(trend && { trend }),
  };
}

const isKnown = async (operation: string, rollups: RollupStore): Promise<boolean> =>
  (await rollups.readCatalogue()).operations.some((facts) => facts.operation === operation);

function toItem({ version, startMs, counters, series: { latency } }: Rollup): Item {
  const { calls, failures, coldStarts, breaches } = counters;
  return {
    at: toRfc3339(startMs),
    version,
    calls,
    errors: failures,
    coldStarts,
    withinBudgetPercent: rounded(calls === 0 ? 0 : (100 * (calls - breaches)) / calls),
    p50Ms: rounded(latency.quantile(0.5) ?? 0),
    p95Ms: rounded(latency.quantile(0.95) ?? 0),
    p99Ms: roundEstimate(estimateQuantile(latency, 0.99) ?? { value: 0, low: 0 }),
  };
}

/** Of the logarithm, so that the slope is a relative change. */
function medianTrend(hours: readonly Rollup[]): History["trend"] {
  const points = hours.flatMap(({ startMs, series }): [number, number][] => {
    const p50Ms = series.latency.quantile(0.5);
    return p50Ms === undefined ? [] : [[startMs / dayMs, Math.log(p50Ms)]];
  });
  const trend = trendOf(points);
  const percent = (slope: number): number => rounded(100 * (Math.exp(slope) - 1));
  return (
    trend && {
      percentPerDay: percent(trend.slope),
      lowPercentPerDay: percent(trend.low),
      highPercentPerDay: percent(trend.high),
    }
  );
}

const columns = [
  "at",
  "version",
  "calls",
  "errors",
  "coldStarts",
  "withinBudgetPercent",
  "p50Ms",
  "p95Ms",
  "p99Ms",
  "p99LowMs",
  "p99HighMs",
] as const;

const toCsv = (items: readonly Item[]): string =>
  [columns.join(","), ...items.map(toCsvRow)].map((line) => `${line}\r\n`).join("");

function toCsvRow({ version, p99Ms, ...item }: Item): string {
  const cells: Record<(typeof columns)[number], string | number> = {
    ...item,
    version: `"${version.replaceAll('"', '""')}"`,
    p99Ms: p99Ms.value,
    p99LowMs: p99Ms.low,
    p99HighMs: p99Ms.high ?? "",
  };
  return columns.map((column) => cells[column]).join(",");
}
