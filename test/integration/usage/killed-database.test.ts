import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import type { TableName } from "../../../lib/aws/tables.ts";
import { tables } from "../../../lib/aws/tables.ts";
import { charger } from "../../../lib/usage/charge.ts";
import { closeMonth } from "../../../lib/usage/close-month.ts";
import { closeStore } from "../../../lib/usage/close-store.ts";
import { payRefunds } from "../../../lib/usage/pay-refunds.ts";
import { periodAt } from "../../../lib/usage/period.ts";
import { usageStore } from "../../../lib/usage/store.ts";
import { createTables } from "../../../local/create-tables.ts";
import type { Emulator } from "../../../local/emulator.ts";
import { startEmulator } from "../../../local/emulator.ts";
import { connect } from "./database.ts";
import { chargeOf, newTenant, noonMs } from "./tenant.ts";

let directory: string;
let emulator: Emulator;
let clients: DynamoDBDocumentClient[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "killed-database-"));
  clients = [];
  await start();
  const names = Object.fromEntries(Object.keys(tables).map((name) => [name, name]));
  await createTables(emulator.url, names as Record<TableName, string>);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await emulator.kill();
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<void> {
  emulator = await startEmulator(join(directory, "database.sqlite"));
}

function connected(): DynamoDBDocumentClient {
  const client = connect(emulator.url);
  clients.push(client);
  return client;
}

/** A client that kills the database process, with SIGKILL, after so many of its writes. */
function killingAfter(writes: number): DynamoDBDocumentClient {
  const client = connected();
  let left = writes;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (/Write|Update|Put|Delete/.test(commandName ?? "") && --left === 0)
          process.kill(emulator.pid, "SIGKILL");
        return answer;
      },
    { step: "finalizeRequest", priority: "low", name: "kill" },
  );
  return client;
}

async function restart(): Promise<void> {
  await emulator.kill();
  await start();
}

const refund = { resource: "api_calls", amount: 2, chargedAtMs: noonMs, requestId: "req_test" };
const time = { remainingMs: () => 60_000 };

describe("refunds while the database is killed", () => {
  it.each([1, 2, 3, 4, 5])("are paid once each (after write %s)", async (writes) => {
    const tenant = await newTenant(connected());
    const usage = usageStore(connected(), "usage");
    const charge = charger(usage);
    await charge(chargeOf(tenant, "api_calls", { amount: 7 }));
    await charge(chargeOf(tenant, "api_calls", { amount: 2, idempotencyKey: "k" }));
    const owed = { ...refund, manufacturerId: tenant, refundedAtMs: noonMs } as const;
    await usage.oweRefund({ ...owed, resource: "api_calls", id: "one" });
    await usage.oweRefund({ ...owed, resource: "api_calls", id: "two" });
    await usage.oweRefund({ ...owed, resource: "api_calls", id: "key", idempotencyKey: "k" });
    const killing = usageStore(killingAfter(writes), "usage");
    await payRefunds({}, { usage: killing }, time).catch(() => undefined);
    await restart();
    const well = usageStore(connected(), "usage");
    await payRefunds({}, { usage: well }, time);
    expect(await well.readCounter(tenant, "api_calls", periodAt(noonMs))).toMatchObject({
      used: 3,
      d24: 3,
    });
    expect((await well.listOwedRefunds(undefined)).refunds).toEqual([]);
  });
});

describe("a close while the database is killed", () => {
  const closeAtMs = Date.UTC(2026, 11, 1, 0, 10);
  const close = (client: DynamoDBDocumentClient) =>
    closeMonth(
      { period: "2026-11", origin: systemOrigin("req_test"), budgetMs: 600_000 },
      { close: closeStore(client, { usage: "usage", audit: "audit" }), now: () => closeAtMs },
    );

  it.each([1, 2, 3, 8])(
    "closes each month once, with one event (after write %s)",
    async (writes) => {
      const tenants: string[] = [];
      for (let count = 0; count < 4; count++) {
        const tenant = await newTenant(connected());
        await charger(usageStore(connected(), "usage"))(
          chargeOf(tenant, "api_calls", { amount: 5 }),
        );
        tenants.push(tenant);
      }
      await close(killingAfter(writes)).catch(() => undefined);
      await restart();
      const client = connected();
      await close(client);
      const { Items: records = [] } = await client.send(new ScanCommand({ TableName: "audit" }));
      const { Items: items = [] } = await client.send(new ScanCommand({ TableName: "usage" }));
      const closed = records.filter(({ action }) => action === "usage.period.closed");
      const snapshots = items.filter(({ sk }) => sk === "CLOSE#2026-11");
      expect(closed.map(({ subjectId }) => subjectId).toSorted()).toEqual(tenants.toSorted());
      expect(snapshots).toHaveLength(4);
      for (const { resources } of snapshots) expect(resources.api_calls).toMatchObject({ used: 5 });
    },
  );
});
