import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { callAwsJson } from "../../../local/call-aws-json.ts";
import type { Database } from "../../../local/database.ts";
import { startDatabase } from "../../../local/database.ts";
import { isRunning } from "../../../local/process-table.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function startIn(directory: string | undefined): Promise<Database> {
  const database = await startDatabase({ directory });
  onTestFinished(() => database.close());
  return database;
}

const call = <Output>(database: Database, operation: string, input: Record<string, unknown>) =>
  callAwsJson<Output>({
    endpoint: database.url(),
    target: `DynamoDB_20120810.${operation}`,
    input: { TableName: database.tableNames.audit, ...input },
  });

const put = (database: Database, id: number) =>
  call(database, "PutItem", { Item: { pk: { S: "a" }, sk: { S: String(id) } } });

const count = async (database: Database) =>
  (await call<{ Count: number }>(database, "Scan", { Select: "COUNT" })).Count;

/** Starts the database in a process of its own, which can then be killed. */
async function startElsewhere(directory: string): Promise<ChildProcess> {
  const script = `
    import { startDatabase } from ${JSON.stringify(new URL("../../../local/database.ts", import.meta.url).href)};
    const database = await startDatabase({ directory: ${JSON.stringify(directory)} });
    console.log(database.url());`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

const emulatorOf = (directory: string): { pid: number; watchdogPid: number } =>
  JSON.parse(readFileSync(join(directory, "emulator.json"), "utf8"));

test("every acknowledged write is there after a crash of the emulator", async () => {
  const database = await startIn(temporaryDirectory());
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => put(database, round * 20 + index)));
    await database.restart();
    expect(await count(database)).toBe((round + 1) * 20);
  }
});

test("the tables have their streams, and those without one have none", async () => {
  const database = await startIn(undefined);
  const streamOf = async (TableName: string) =>
    (
      await call<{ Table: { StreamSpecification?: { StreamViewType: string } } }>(
        database,
        "DescribeTable",
        { TableName },
      )
    ).Table.StreamSpecification?.StreamViewType;
  expect(await streamOf(database.tableNames.usage)).toBe("NEW_AND_OLD_IMAGES");
  expect(await streamOf(database.tableNames.audit)).toBe("NEW_IMAGE");
  expect(await streamOf(database.tableNames.identity)).toBeUndefined();
});

test("a stack that is killed takes its emulator along, and the next one finds the data", async () => {
  const directory = temporaryDirectory();
  const first = await startIn(directory);
  await put(first, 1);
  await first.close();
  const killed = await startElsewhere(directory);
  const { pid } = emulatorOf(directory);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const next = await startIn(directory);
  expect(isRunning(pid)).toBe(false);
  expect(await count(next)).toBe(1);
});

test("an emulator that has lost its watchdog as well is ended by the next start", async () => {
  const directory = temporaryDirectory();
  const killed = await startElsewhere(directory);
  const { pid, watchdogPid } = emulatorOf(directory);
  process.kill(watchdogPid, "SIGKILL");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(isRunning(pid)).toBe(true);
  await put(await startIn(directory), 1);
  expect(isRunning(pid)).toBe(false);
});

test("a directory that another stack uses is refused, and that stack is left alone", async () => {
  const directory = temporaryDirectory();
  const first = await startIn(directory);
  await expect(startDatabase({ directory })).rejects.toThrow("in use by another local stack");
  await put(first, 1);
  expect(await count(first)).toBe(1);
});

test("a process id that now belongs to something else is left alone", async () => {
  const directory = temporaryDirectory();
  await (await startDatabase({ directory })).close();
  const other = spawn("sleep", ["60"]);
  onTestFinished(() => void other.kill("SIGKILL"));
  const record = { pid: other.pid, watchdogPid: 1 };
  writeFileSync(join(directory, "emulator.json"), JSON.stringify(record));
  await put(await startIn(directory), 1);
  expect(isRunning(other.pid ?? 0)).toBe(true);
});
