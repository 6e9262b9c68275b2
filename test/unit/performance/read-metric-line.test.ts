import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMetricLine } from "../../../lib/performance/read-metric-line.ts";

const line = {
  _aws: { Timestamp: Date.UTC(2026, 10, 24) },
  operation: "signIn",
  version: "1",
  durationMs: 12.5,
  status: 200,
  coldStarts: 0,
  budgetMs: 500,
  memoryMb: 100,
  cpuMs: 3,
  eventLoopBusyMs: 1,
  architecture: "arm64",
  inner: { hash: { budgetMs: 5, breaches: 0, buckets: { "12": 3 } } },
};

describe("a metric line", () => {
  test("yields its operation and what is inside of it", () => {
    const contributions = readMetricLine(JSON.stringify(line));
    expect(contributions.map(({ facts }) => facts.operation)).toEqual(["signIn", "hash"]);
  });

  test("of any other making yields contributions that can be stored, or nothing", () => {
    const replaced = fc
      .tuple(fc.constantFrom(...Object.keys(line)), fc.jsonValue())
      .map(([name, value]) => JSON.stringify({ ...line, [name]: value }));
    const inner = fc
      .dictionary(fc.string(), fc.record({ budgetMs: fc.double(), buckets: fc.jsonValue() }))
      .map((value) => JSON.stringify({ ...line, inner: value }));
    const times = fc.double().map((Timestamp) => JSON.stringify({ ...line, _aws: { Timestamp } }));
    const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json(), replaced, inner, times);
    fc.assert(
      fc.property(texts, (text) => {
        for (const { facts, rollup } of readMetricLine(text)) {
          expect(facts.operation).not.toBe("");
          expect(new Date(rollup.startMs).toISOString()).toMatch(/^\d{4}-/);
          for (const count of Object.values(rollup.counters))
            expect(count).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test("of a time that no calendar has yields nothing", () => {
    for (const Timestamp of [-1, 8_640_000_000_000_001, Number.MAX_SAFE_INTEGER])
      expect(readMetricLine(JSON.stringify({ ...line, _aws: { Timestamp } }))).toEqual([]);
  });
});
