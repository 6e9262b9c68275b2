import * as z from "zod/mini";
import { bucketCount } from "./histogram.ts";
import type { OperationFacts, Rollup } from "./rollup.ts";
import { emptyRollup, sliceMs, startOf } from "./rollup.ts";

const Amount = z.number().check(z.nonnegative());

/** What is read of a line; the rest is for CloudWatch and for people. */
const Line = z.object({
  // From 1970 to 9999: other times have no RFC 3339 text to be stored under.
  _aws: z.object({ Timestamp: z.int().check(z.gte(0), z.lt(Date.UTC(10_000, 0))) }),
  operation: z.string().check(z.minLength(1), z.maxLength(100)),
  version: z.string().check(z.minLength(1), z.maxLength(100)),
  durationMs: Amount,
  status: z.int(),
  coldStarts: Amount,
  initDurationMs: z.optional(Amount),
  budgetMs: Amount,
  memoryMb: Amount,
  cpuMs: Amount,
  eventLoopBusyMs: Amount,
  memoryLimitMb: z.optional(Amount),
  reservedConcurrency: z.optional(Amount),
  architecture: z.string(),
  inner: z.optional(
    z.record(
      z.string().check(z.minLength(1), z.maxLength(100)),
      z.object({
        budgetMs: Amount,
        breaches: Amount,
        buckets: z.record(z.string().check(z.regex(/^\d{1,3}$/)), z.int().check(z.positive())),
      }),
    ),
  ),
});

/** What a line adds to one operation's rollup of the five minutes it falls into. */
export interface Contribution {
  facts: OperationFacts;
  rollup: Rollup;
}

/**
 * Reads a metric line as `metricLine` writes them: the operation's contribution and one per inner
 * operation. Any other text yields nothing: the log holds other lines too, and a bad one must not
 * keep its neighbours from being counted.
 */
export function readMetricLine(text: string): Contribution[] {
  const parsed = Line.safeParse(parse(text));
  if (!parsed.success) return [];
  const line = parsed.data;
  const startMs = startOf(line._aws.Timestamp, sliceMs);
  const { version } = line;
  const rollup = emptyRollup(version, startMs);
  const hasFailed = line.status >= 500;
  rollup.counters = {
    calls: 1,
    failures: hasFailed ? 1 : 0,
    coldStarts: line.coldStarts,
    breaches: hasFailed || line.durationMs > line.budgetMs ? 1 : 0,
    cpuMs: line.cpuMs,
  };
  rollup.series.latency.add(line.durationMs);
  rollup.series.memory.add(line.memoryMb);
  rollup.series.eventLoopBusy.add(line.eventLoopBusyMs);
  if (line.initDurationMs !== undefined) rollup.series.init.add(line.initDurationMs);
  const { operation, budgetMs, memoryLimitMb, reservedConcurrency, architecture } = line;
  const facts: OperationFacts = {
    operation,
    kind: "invocation",
    version,
    budgetMs,
    memoryLimitMb,
    reservedConcurrency,
    architecture,
  };
  return [{ facts, rollup }, ...innerContributions(line, startMs)];
}

function innerContributions(
  { inner = {}, version }: z.infer<typeof Line>,
  startMs: number,
): Contribution[] {
  return Object.entries(inner).map(([operation, { budgetMs, breaches, buckets }]) => {
    const rollup = emptyRollup(version, startMs);
    for (const [bucket, count] of Object.entries(buckets)) {
      rollup.series.latency.addToBucket(Math.min(Number(bucket), bucketCount - 1), count);
    }
    rollup.counters.calls = rollup.series.latency.total;
    rollup.counters.breaches = breaches;
    return { facts: { operation, kind: "inner", version, budgetMs }, rollup };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
