import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TableName } from "../lib/aws/tables.ts";
import { tables } from "../lib/aws/tables.ts";
import { createTables } from "./create-tables.ts";
import type { Emulator } from "./emulator.ts";
import { startEmulator } from "./emulator.ts";
import { isEmulatorOf, isRunning, parentOf } from "./process-table.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

export interface Database {
  /** Changes with each restart. */
  url: () => string;
  tableNames: Readonly<Record<TableName, string>>;
  /** Ends the emulator as a crash would and starts it on what it had written. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

interface DatabaseOptions {
  /** Where the data lives; absent for memory only. */
  directory?: string | undefined;
  /** Another DynamoDB to use instead of the emulator. */
  endpoint?: string | undefined;
  /** What the names of the tables begin with. */
  tablePrefix?: string | undefined;
}

const namesOf = (prefix: string) =>
  Object.fromEntries(Object.keys(tables).map((name) => [name, `${prefix}-${name}`])) as Record<
    TableName,
    string
  >;

/** Starts a DynamoDB with all tables of the product. */
export async function startDatabase({
  directory,
  endpoint,
  tablePrefix = "local",
}: DatabaseOptions): Promise<Database> {
  const tableNames = namesOf(tablePrefix);
  if (endpoint) {
    await createTables(endpoint, tableNames);
    return {
      url: () => endpoint,
      tableNames,
      restart: () => Promise.reject(new Error(`${endpoint} is not this stack's to restart`)),
      close: () => Promise.resolve(),
    };
  }
  let emulator = await startOn(directory);
  await createTables(emulator.url, tableNames);
  return {
    url: () => emulator.url,
    tableNames,
    restart: async () => {
      await emulator.kill();
      emulator = await startOn(directory);
      await createTables(emulator.url, tableNames);
    },
    close: () => emulator.kill(),
  };
}

async function startOn(directory: string | undefined): Promise<Emulator> {
  if (!directory) return startEmulator();
  const databasePath = join(directory, "database.sqlite");
  const recordPath = join(directory, "emulator.json");
  await waitForPredecessor(recordPath, databasePath);
  const emulator = await startEmulator(databasePath);
  const { pid, watchdogPid } = emulator;
  writeFileAtomically(recordPath, JSON.stringify({ pid, watchdogPid }));
  return emulator;
}

const predecessorTimeoutMs = 2000;

/**
 * Two emulators must not share a file. One whose stack was killed is about to end by itself; one that
 * has lost its watchdog never would, and is ended here.
 *
 * @throws Error when another stack that is alive uses the directory
 */
async function waitForPredecessor(recordPath: string, databasePath: string): Promise<void> {
  if (!existsSync(recordPath)) return;
  const { pid, watchdogPid } = JSON.parse(readFileSync(recordPath, "utf8")) as Record<
    "pid" | "watchdogPid",
    number
  >;
  const isThere = () => isRunning(pid) && isEmulatorOf(pid, databasePath);
  const deadlineMs = performance.now() + predecessorTimeoutMs;
  while (isThere() && performance.now() < deadlineMs) {
    if (parentOf(pid) !== watchdogPid) process.kill(pid, "SIGKILL");
    await delay(10);
  }
  if (isThere())
    throw new Error(`${databasePath} is in use by another local stack (process ${pid})`);
}
