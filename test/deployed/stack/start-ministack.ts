import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { accountId, region } from "../../../local/aws-account.ts";
import { listen } from "../../../local/listen.ts";

export interface MiniStack {
  endpoint: string;
  /** Ends it and every function it runs. */
  stop: () => Promise<void>;
}

const startAttempts = 300;
const pauseMs = 200;

/**
 * Starts MiniStack on a free port of the loopback interface.
 *
 * @param directory for its files and log. Outside of any Node.js project: the functions are unpacked
 *   there, and a `package.json` above them would decide how their modules are read.
 * @throws Error with the log's end when it does not come up
 */
export async function startMiniStack(command: string, directory: string): Promise<MiniStack> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(directory, "ministack.log");
  const log = createWriteStream(logFile);
  await once(log, "open");
  const server = spawn(command, [], {
    cwd: directory,
    // A group of its own: the functions are its children and end with it.
    detached: true,
    stdio: ["ignore", log, log],
    // Functions inherit all of it, so it is nothing but what they need.
    env: {
      PATH: [dirname(process.execPath), process.env["PATH"]].join(":"),
      HOME: directory,
      TMPDIR: directory,
      STATE_DIR: join(directory, "state"),
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      // It would listen on every interface.
      IOT_MTLS_ENABLED: "0",
      MINISTACK_REGION: region,
      MINISTACK_ACCOUNT_ID: accountId,
    },
  });
  const ended = once(server, "exit");
  const stop = async (): Promise<void> => {
    signalGroup(server.pid, "SIGTERM");
    await Promise.race([ended, delay(10_000, undefined, { ref: false })]);
    signalGroup(server.pid, "SIGKILL");
    await ended;
    log.end();
  };
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    if (server.exitCode !== null) break;
    if (await isReady(endpoint)) return { endpoint, stop };
    await delay(pauseMs);
  }
  await stop();
  throw new Error(`MiniStack did not start:\n${readFileSync(logFile, "utf8").slice(-2000)}`);
}

const isReady = async (endpoint: string): Promise<boolean> => {
  try {
    return (await fetch(`${endpoint}/_ministack/health`)).ok;
  } catch {
    return false;
  }
};

/** What is left of the group after its leader's end is ended too; nothing left is as good. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function freePort(): Promise<number> {
  const { url, close } = await listen(createServer());
  await close();
  return Number(new URL(url).port);
}
