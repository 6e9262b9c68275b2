import type { FunctionRow, Route, Task } from "../lib/http/route.ts";
import { isRoute } from "../lib/http/route.ts";

/** What one warm request costs in calls and units, and what follows from it; the collector's writes apart. */
export interface RoundTrips {
  /** Calls to DynamoDB that the caller waits for. */
  databaseCalls: number;
  keyServiceCalls: number;
  readUnits: number;
  writeUnits: number;
  events: number;
  emails: number;
}

interface Price {
  usd: number;
  per: number;
  unit: string;
  asOf: string;
  source: string;
}

export interface Prices {
  region: string;
  collectedOn: string;
  prices: Readonly<Record<string, Price>>;
}

/** What is not counted but assumed. */
export const assumed = {
  /** Of a row's p99 budget, the part that is billed on average. */
  budgetPart: 0.5,
  /** A metric line, what Lambda writes around it, and a line of the access log. */
  logBytes: 1500,
  answerBytes: 2000,
  /** X-Ray's default sampling, beyond the first trace of a second. */
  traced: 0.05,
  /** Functions that an event reaches: the publisher and the notifier, each in a batch of its own. */
  functionsPerEvent: 2,
  followerSeconds: 0.1,
  followerGigabytes: 0.5,
  storedMegabytesPerManufacturer: 0.5,
} as const;

const defaultMemoryMb = 512;

/** What a member's life in a month asks of the API, by operation, for one manufacturer of five members. */
export const requestsPerManufacturer: Readonly<Record<string, number>> = {
  signIn: 100,
  verifyMfaToken: 80,
  refresh: 1500,
  validateToken: 1000,
  checkAccess: 1000,
  incrementUsage: 1000,
  checkUsageLimit: 500,
  listUsage: 100,
  getUsageAnalytics: 30,
  encryptManufacturerData: 500,
  decryptManufacturerData: 500,
  detectThreat: 1000,
  validateBusinessData: 20,
  listAuditRecords: 30,
  createMember: 1,
  forgotPassword: 1,
};

/** What quantities of billed things cost, in USD. */
export function priceOf({ prices }: Prices, quantities: Readonly<Record<string, number>>): number {
  return Object.entries(quantities).reduce((total, [name, quantity]) => {
    const price = prices[name];
    if (!price) throw new Error(`no price for ${name}`);
    return total + (quantity * price.usd) / price.per;
  }, 0);
}

/** The billed things that one request of an operation uses, by group. */
export function billedFor(
  row: Route,
  trips: RoundTrips,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return {
    gateway: { httpApiRequests: 1, transferredGigabytes: assumed.answerBytes / 1e9 },
    lambda: lambdaFor(row, trips.events),
    database: { readUnits: trips.readUnits, writeUnits: trips.writeUnits },
    keys: { keyServiceRequests: trips.keyServiceCalls },
    messages: { events: trips.events, emails: trips.emails },
    observation: { logGigabytes: assumed.logBytes / 1e9, traces: assumed.traced },
  };
}

function lambdaFor(row: FunctionRow, events: number): Readonly<Record<string, number>> {
  const followers = events * assumed.functionsPerEvent;
  return {
    lambdaRequests: 1 + followers,
    lambdaGigabyteSeconds:
      gigabyteSecondsOf(row) + followers * assumed.followerSeconds * assumed.followerGigabytes,
  };
}

const gigabyteSecondsOf = ({ memoryMb = defaultMemoryMb, latencyBudgetMs }: FunctionRow): number =>
  (memoryMb / 1024) * (latencyBudgetMs / 1000) * assumed.budgetPart;

/** What a deployment uses in a month before anybody calls it, by group. */
export function billedForNothing(
  rows: readonly (Route | Task)[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const scheduled = rows.flatMap((row) =>
    isRoute(row)
      ? []
      : row.triggers.flatMap((trigger) =>
          trigger.kind === "schedule" ? [{ row, runs: runsPerMonth(trigger.expression) }] : [],
        ),
  );
  return {
    "metrics that functions report, three each": { customMetrics: 3 * rows.length },
    "alarms, three for each function": { alarms: 3 * rows.length },
    "KMS keys": { keys: 4 },
    dashboard: { dashboards: 1 },
    "scheduled functions": {
      lambdaRequests: scheduled.reduce((sum, { runs }) => sum + runs, 0),
      lambdaGigabyteSeconds: scheduled.reduce(
        (sum, { row, runs }) => sum + runs * gigabyteSecondsOf(row),
        0,
      ),
    },
  };
}

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** Of a month with 30 days; what a `cron` expression says is taken for once a day. */
function runsPerMonth(expression: string): number {
  const [, count = "1", unit = "day"] =
    /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return (30 * 1440) / (Number(count) * (minutesOf[unit] ?? 1440));
}
