import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../../local/listen.ts";
import { httpClient } from "../../support/http-client.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const program = fileURLToPath(new URL("../../../local/start.ts", import.meta.url));
const crashes = 20;
const crashTestTimeoutMs = 300_000;
/** All sign-ups come from one address, more of them than it may make. */
const manySignUps = ["--source-budget-factor", "1000"];

interface Started {
  child: ChildProcess;
  url: string;
}

function run(...flags: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function start(...flags: string[]): Promise<Started> {
  const child = run("--port", "0", ...flags);
  const line = await firstOutput(child);
  const url = /ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
  if (!url) throw new Error(`not ready: ${line}`);
  return { child, url };
}

const firstOutput = async ({ stdout, stderr }: ChildProcess): Promise<string> => {
  if (!stdout || !stderr) throw new Error("no output");
  const [chunk] = await Promise.race([once(stdout, "data"), once(stderr, "data")]);
  return String(chunk);
};

async function end({ child }: Started, signal: NodeJS.Signals): Promise<unknown> {
  const exit = once(child, "exit");
  child.kill(signal);
  return (await exit)[0];
}

const signUp = (url: string, email: string) =>
  httpClient(url).post("/v1/manufacturers", {
    body: {
      legalName: "Acme GmbH",
      country: "DE",
      contact: { email: "info@acme.example", phone: "+4915112345678" },
      owner: { name: "Ada", email, password: "seven quiet otters in a boat" },
    },
  });

const outbox = async (url: string): Promise<{ to: string[]; text: string }[]> => {
  await httpClient(url).post("/__local/settle");
  return (await httpClient(url).get("/__local/outbox")).body.items;
};

test("it says in one line where it serves, and ends cleanly when it is told to", async () => {
  const stack = await start("--memory");
  expect((await httpClient(stack.url).get("/.well-known/jwks.json")).status).toBe(200);
  expect(await end(stack, "SIGTERM")).toBe(0);
});

test("a port in use and a flag it does not know are one clear line each", async () => {
  const taken = await listen(createServer());
  const { port } = new URL(taken.url);
  for (const [flags, words] of [
    [["--memory", "--port", port], "EADDRINUSE"],
    [["--memory", "--port", "x"], "--port x is no port"],
    [["--colour"], "--colour"],
  ] as const) {
    const child = run(...flags);
    const exit = once(child, "exit");
    const output = await firstOutput(child);
    expect(output).toContain(words);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(await exit).toEqual([1, null]);
  }
  await taken.close();
});

test("two stacks must not share a data directory", async () => {
  const data = temporaryDirectory();
  const first = await start("--data", data);
  const second = run("--port", "0", "--data", data);
  const exit = once(second, "exit");
  expect(await firstOutput(second)).toContain("in use by another local stack");
  expect(await exit).toEqual([1, null]);
  await end(first, "SIGTERM");
});

test(
  `${crashes} times killed in the middle of sign-ups, it has lost none that it acknowledged and has none by half`,
  async () => {
    const data = temporaryDirectory();
    const acknowledged: string[] = [];
    for (let round = 0; round < crashes; round += 1) {
      const stack = await start("--data", data, ...manySignUps);
      // At a different point of the work each time: when 0 to 5 of the six are through.
      const enough = Promise.withResolvers<void>();
      let remaining = round % 6;
      const attempts = Array.from({ length: 6 }, async (_, index) => {
        const email = `owner-${round}-${index}@acme.example`;
        // The kill leaves some without an answer.
        const answer = await signUp(stack.url, email).catch(() => undefined);
        if (answer?.status !== 202) return;
        acknowledged.push(email);
        remaining -= 1;
        if (remaining <= 0) enough.resolve();
      });
      if (remaining > 0) await enough.promise;
      await end(stack, "SIGKILL");
      await Promise.all(attempts);
    }

    const stack = await start("--data", data, ...manySignUps);
    const emails = await outbox(stack.url);
    const recipients = new Set(emails.flatMap(({ to }) => to));
    expect(acknowledged.length).toBeGreaterThan(crashes);
    expect(acknowledged.filter((email) => !recipients.has(email))).toEqual([]);

    const http = httpClient(stack.url);
    for (const email of recipients) {
      const links = emails.filter(({ to }) => to.includes(email));
      const token = /#token=([\w-]+)/.exec(links[0]?.text ?? "")?.[1];
      const password = "seven quiet otters in a boat";
      const verified = await http.post("/v1/auth/email/verify", { body: { token, password } });
      expect(verified, email).toMatchObject({ status: 200, body: { tier: "free" } });
      const signedIn = await http.post("/v1/auth/sign-in", {
        body: { email, password },
      });
      expect(signedIn.status, email).toBe(200);
    }
    await end(stack, "SIGTERM");
  },
  crashTestTimeoutMs,
);
