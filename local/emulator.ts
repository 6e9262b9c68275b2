import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { isRunning, listeningPort } from "./process-table.ts";

export interface Emulator {
  url: string;
  pid: number;
  watchdogPid: number;
  /** Ends it like a crash would: nothing is flushed. */
  kill: () => Promise<void>;
}

const readyTimeoutMs = 10_000;
const pollMs = 3;

/**
 * Starts the emulator, prints its process id and waits for the end of its own input: that end comes
 * when the process that started the stack is gone, even by kill -9, and ends the emulator with it.
 */
const watchdogScript = '"$@" >&2 & echo $!; read -r _; kill -9 $!; wait';

/**
 * Starts the DynamoDB emulator on a free port of the loopback interface.
 *
 * @param databasePath of its SQLite file; absent for memory only
 * @throws Error with the emulator's own words when it does not come up
 */
export async function startEmulator(databasePath?: string): Promise<Emulator> {
  const program = createRequire(import.meta.url).resolve("@dynoxide/linux-x64/dynoxide");
  const options = ["serve", "--port", "0", ...(databasePath ? ["--db-path", databasePath] : [])];
  const watchdog = spawn("/bin/sh", ["-c", watchdogScript, "sh", program, ...options], {
    // A group of its own: Ctrl-C in the terminal reaches the stack alone, which then ends this.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  watchdog.stderr.on("data", (chunk) => {
    output = `${output}${chunk}`.slice(-2000);
  });
  const [firstLine] = (await once(watchdog.stdout, "data")) as [Buffer];
  const pid = Number(firstLine.toString());
  const kill = () => end(watchdog);
  const port = await waitForPort(pid);
  if (port === undefined) {
    await kill();
    throw new Error(`the DynamoDB emulator did not start: ${output.trim()}`);
  }
  return { url: `http://127.0.0.1:${port}`, pid, watchdogPid: watchdog.pid ?? 0, kill };
}

async function waitForPort(pid: number): Promise<number | undefined> {
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (performance.now() < deadlineMs) {
    const port = listeningPort(pid);
    if (port !== undefined) return port;
    if (!isRunning(pid)) return undefined;
    await delay(pollMs);
  }
  return undefined;
}

async function end(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null) return;
  const ended = once(watchdog, "exit");
  watchdog.stdin?.end();
  await ended;
}
