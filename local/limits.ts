import type { FunctionRow } from "../lib/http/route.ts";

/** A request that is turned away before its function runs. */
export class Refused extends Error {
  /** 429: too many for the stage. 503: too many for the function, or for too long in the queue. */
  readonly status: 429 | 503;

  constructor(status: 429 | 503) {
    super(`refused with ${status}`);
    this.name = "Refused";
    this.status = status;
  }
}

export interface LimitOptions {
  rows: readonly Pick<FunctionRow, "operationId" | "reservedConcurrency">[];
  /** Of the stage, per second. */
  throttle: { rateLimit: number; burstLimit: number };
  /** How many invocations this machine carries on with at a time; the others wait their turn. */
  runningMax: number;
  /** Milliseconds after which whoever waits for a turn is refused. */
  waitMaxMs: number;
  /** Milliseconds that pass steadily: the stack's own clock may be moved. */
  now: () => number;
}

/** @throws Refused */
export type RunWithinLimits = <Result>(
  operationId: string,
  run: () => Promise<Result>,
) => Promise<Result>;

/** What an AWS account may run at the same time, unless somebody asked for more. */
const accountConcurrency = 1000;

/**
 * Lets requests in as AWS does: by the stage's token bucket, then by the concurrency reserved for the
 * function or else the account's. Lambda would now start an environment for each; here all share one
 * process, in which each that is added makes the others slower, until they run into the time-outs of
 * their clients. So only some run at a time, and the others wait as they would for a cold start.
 */
export function createLimits(options: LimitOptions): RunWithinLimits {
  const takeToken = tokenBucket(options);
  const takeTurn = turnQueue(options);
  const reserved = new Map(
    options.rows.map(({ operationId, reservedConcurrency }) => [operationId, reservedConcurrency]),
  );
  const inFlight = new Map<string, number>();
  let total = 0;

  return async (operationId, run) => {
    if (!takeToken()) throw new Refused(429);
    const own = inFlight.get(operationId) ?? 0;
    if (own >= (reserved.get(operationId) ?? accountConcurrency) || total >= accountConcurrency)
      throw new Refused(503);
    inFlight.set(operationId, own + 1);
    total += 1;
    try {
      return await takeTurn(operationId, run);
    } finally {
      inFlight.set(operationId, (inFlight.get(operationId) ?? 1) - 1);
      total -= 1;
    }
  };
}

/** Refills steadily; a full bucket is the burst. */
function tokenBucket({ throttle: { rateLimit, burstLimit }, now }: LimitOptions): () => boolean {
  let tokens = burstLimit;
  let filledAtMs = now();
  return () => {
    const nowMs = now();
    tokens = Math.min(burstLimit, tokens + ((nowMs - filledAtMs) * rateLimit) / 1000);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

interface Waiting {
  operationId: string;
  sinceMs: number;
  start: () => void;
  refuse: () => void;
}

/**
 * A turn goes to the function that has the fewest running, so that none keeps another waiting, and
 * within a function to who came first. Needs no timers: whatever runs ends by its own time-out at the
 * latest, and then whoever waited too long is refused.
 */
function turnQueue({ runningMax, waitMaxMs, now }: LimitOptions) {
  const waiting: Waiting[] = [];
  const runningOf = new Map<string, number>();
  let running = 0;

  const count = (operationId: string, change: 1 | -1): void => {
    running += change;
    runningOf.set(operationId, (runningOf.get(operationId) ?? 0) + change);
  };

  const takeNext = (): Waiting | undefined => {
    const shares = waiting.map(({ operationId }) => runningOf.get(operationId) ?? 0);
    const [next] = waiting.splice(shares.indexOf(Math.min(...shares)), 1);
    return next;
  };

  const passOn = (): void => {
    while (running < runningMax && waiting.length > 0) {
      const next = takeNext();
      if (!next) return;
      if (now() - next.sinceMs > waitMaxMs) next.refuse();
      else {
        count(next.operationId, 1);
        next.start();
      }
    }
  };

  return async <Result>(operationId: string, run: () => Promise<Result>): Promise<Result> => {
    if (running < runningMax) count(operationId, 1);
    else
      await new Promise<void>((start, reject) => {
        const refuse = () => reject(new Refused(503));
        waiting.push({ operationId, sinceMs: now(), start, refuse });
      });
    try {
      return await run();
    } finally {
      count(operationId, -1);
      passOn();
    }
  };
}
