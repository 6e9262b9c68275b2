import type { MonitoredOperation } from "./budgets.ts";
import { bucketCount, bucketOf } from "./histogram.ts";

/** What an operation inside the invocation took since the last drain. */
export interface Measurement {
  operation: string;
  budgetMs: number;
  calls: number;
  /** Calls that took longer than the budget. */
  breaches: number;
  /** Counts by bucket of `histogram.ts`. */
  buckets: [bucket: number, count: number][];
}

/** Counts one operation's durations: bounded memory however often it is called. */
class Meter {
  readonly #monitored: MonitoredOperation;
  readonly #counts = new Uint32Array(bucketCount);
  #lowest = bucketCount;
  #highest = -1;
  #breaches = 0;

  constructor(monitored: MonitoredOperation) {
    this.#monitored = monitored;
  }

  record(durationMs: number): void {
    const bucket = bucketOf(durationMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
    if (durationMs > this.#monitored.budgetMs) this.#breaches++;
  }

  drain(): Measurement | undefined {
    if (this.#highest < 0) return undefined;
    const buckets: [number, number][] = [];
    let calls = 0;
    for (let bucket = this.#lowest; bucket <= this.#highest; bucket++) {
      const count = this.#counts[bucket] ?? 0;
      if (count === 0) continue;
      buckets.push([bucket, count]);
      calls += count;
      this.#counts[bucket] = 0;
    }
    const measurement = { ...this.#monitored, calls, breaches: this.#breaches, buckets };
    this.#lowest = bucketCount;
    this.#highest = -1;
    this.#breaches = 0;
    return measurement;
  }
}

/**
 * Everything measured in an environment since its last metric line. Of invocations that run at the
 * same time the one that ends first reports what both have measured: every call is reported once,
 * and totals are exact, because inner operations are counted per stage and version, not per request.
 */
export class Recorder {
  readonly #meters = new Map<string, Meter>();

  meter(monitored: MonitoredOperation): Meter {
    const known = this.#meters.get(monitored.operation);
    if (known) return known;
    const meter = new Meter(monitored);
    this.#meters.set(monitored.operation, meter);
    return meter;
  }

  /** Hands over what was measured, and starts anew. */
  drain(): Measurement[] {
    const measurements: Measurement[] = [];
    for (const meter of this.#meters.values()) {
      const measurement = meter.drain();
      if (measurement) measurements.push(measurement);
    }
    return measurements;
  }
}

/** The environment's recorder: measuring must not have to be threaded through every signature. */
export const environmentRecorder = new Recorder();

interface MiddlewareRequest {
  internal: Record<PropertyKey, unknown>;
}

export interface PerformanceMonitor {
  /** Wraps a function, synchronous or not; arguments, result, errors and timing stay as they are. */
  <Parameters extends unknown[], Result>(
    run: (...parameters: Parameters) => Result,
  ): (...parameters: Parameters) => Result;
  /** As a Middy middleware: measures from its place in the chain to the answer or the error. */
  before(request: MiddlewareRequest): void;
  after(request: MiddlewareRequest): void;
  onError(request: MiddlewareRequest): void;
}

/**
 * Measures an operation against its budget: two clock reads and one increment per call. The result
 * is both a wrapper and a Middy middleware:
 *
 *     const verify = performanceMonitor(innerOperations.tokenValidation)(verifyToken);
 *     middy(handler).use(performanceMonitor({ operation: "parseOrder", budgetMs: 5 }));
 *
 * @param monitored the operation's name and its p99 budget in milliseconds
 */
export function performanceMonitor(
  monitored: MonitoredOperation,
  recorder: Recorder = environmentRecorder,
): PerformanceMonitor {
  const meter = recorder.meter(monitored);
  const startedAt = Symbol(monitored.operation);
  const stop = ({ internal }: MiddlewareRequest): void => {
    const startedAtMs = internal[startedAt];
    if (typeof startedAtMs !== "number") return;
    internal[startedAt] = undefined;
    meter.record(performance.now() - startedAtMs);
  };
  return Object.assign(wrapper(meter), {
    before({ internal }: MiddlewareRequest): void {
      internal[startedAt] = performance.now();
    },
    after: stop,
    onError: stop,
  });
}

const wrapper =
  (meter: Meter) =>
  <Parameters extends unknown[], Result>(run: (...parameters: Parameters) => Result) =>
  (...parameters: Parameters): Result => {
    const startedAtMs = performance.now();
    const stop = (): void => meter.record(performance.now() - startedAtMs);
    let result: Result;
    try {
      result = run(...parameters);
    } catch (error) {
      stop();
      throw error;
    }
    // Beside the caller's own handlers, not before them: the caller waits for nothing.
    if (result instanceof Promise) result.then(stop, stop);
    else stop();
    return result;
  };
