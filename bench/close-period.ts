/**
 * Closes a month of many manufacturers and prints how memory behaves on the way: it must not grow with
 * their number. Also that an interrupted run goes on, and that a second one changes nothing.
 *
 *     node bench/close-period.ts [manufacturers, 100000 unless said]
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { systemOrigin } from "../lib/audit/origin.ts";
import { usageKeys } from "../lib/aws/item-keys.ts";
import { newId } from "../lib/id.ts";
import { closeMonth } from "../lib/usage/close-month.ts";
import type { CloseStore } from "../lib/usage/close-store.ts";
import { closeStore } from "../lib/usage/close-store.ts";
import { activePut } from "../lib/usage/counter-statements.ts";
import { periodNamed } from "../lib/usage/period.ts";
import { credentials, region } from "../local/aws-account.ts";
import { startEmulator } from "../local/emulator.ts";
import { createTable } from "./usage/create-table.ts";

const manufacturers = Number(process.argv[2] ?? 100_000);
const period = periodNamed("2026-10");
const nowMs = period.endsAtMs + 3_600_000;
const batchSize = 25;
const writers = 8;

const emulator = await startEmulator();
const documents = DynamoDBDocumentClient.from(
  new DynamoDBClient({ endpoint: emulator.url, region, credentials }),
);
for (const name of ["usage", "audit"]) await createTable(documents, name);

/** A manufacturer's plan, one counter and its place in the list of active ones. */
function* itemsOf(index: number): Generator<Record<string, unknown>> {
  const manufacturerId = newId("manufacturer");
  yield {
    ...usageKeys.plan(manufacturerId),
    manufacturerId,
    tier: "free",
    version: 1,
    overrides: {},
  };
  yield {
    ...usageKeys.counter(manufacturerId, "api_calls", period.name),
    tier: "free",
    limit: 1000,
    overageMax: 0,
    used: index % 1000,
    remaining: 1000 - (index % 1000),
    d07: index % 1000,
  };
  yield activePut("usage", manufacturerId, period).Put?.Item ?? {};
}

function* allItems(): Generator<Record<string, unknown>> {
  for (let index = 0; index < manufacturers; index += 1) yield* itemsOf(index);
}

async function write(items: Iterator<Record<string, unknown>>): Promise<void> {
  for (;;) {
    const batch: { PutRequest: { Item: Record<string, unknown> } }[] = [];
    while (batch.length < batchSize) {
      const next = items.next();
      if (next.done) break;
      batch.push({ PutRequest: { Item: next.value } });
    }
    if (batch.length === 0) return;
    await documents.send(new BatchWriteCommand({ RequestItems: { usage: batch } }));
  }
}

const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const startMs = performance.now();
const items = allItems();
await Promise.all(Array.from({ length: writers }, () => write(items)));
console.log(`${manufacturers} manufacturers written in ${seconds(startMs)} s`);

let pages = 0;
let heapMaxMb = 0;
const store = closeStore(documents, { usage: "usage", audit: "audit" });
const watched: CloseStore = {
  ...store,
  readStates: (ids, of) => {
    pages += 1;
    if (pages % 50 === 0) heapMaxMb = Math.max(heapMaxMb, heapMb());
    return store.readStates(ids, of);
  },
};
const heapBeforeMb = heapMb();
const closeStartMs = performance.now();
const elapsed = () => performance.now() - closeStartMs;
const run = { period: period.name, origin: systemOrigin("bench"), budgetMs: 1000 };
const first = await closeMonth(run, { close: watched, now: () => nowMs + elapsed() });
const rest = await closeMonth(
  { ...run, budgetMs: Number.MAX_SAFE_INTEGER },
  { close: watched, now: () => nowMs + elapsed() },
);
const durationSeconds = seconds(closeStartMs);
const again = await closeMonth(run, { close: store, now: () => nowMs + elapsed() });
console.log(`first run, stopped after a second: ${JSON.stringify(first)}`);
console.log(`second run: ${JSON.stringify(rest)}`);
console.log(`third run: ${JSON.stringify(again)}`);
console.log(
  `closed in ${durationSeconds} s, ${pages} pages; heap ${heapBeforeMb.toFixed(1)} MB before, at most ${heapMaxMb.toFixed(1)} MB on the way`,
);
documents.destroy();
await emulator.kill();
process.exit(first.closed + rest.closed === manufacturers && again.closed === 0 ? 0 : 1);

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}
