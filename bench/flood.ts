/**
 * Shows whether strangers keep members waiting: one source sends 200 wrong sign-ins a second at invented
 * addresses to the local stack, while a member signs in from a known device at another address. Exits
 * with 1 where the member is refused, or waits twice as long as in quiet at the 99th percentile.
 *
 *     npm run bench:flood
 */
import { randomUUID } from "node:crypto";
import { clientFrom } from "../test/support/client-from.ts";
import { httpClient } from "../test/support/http-client.ts";
import { newEmail, password, signUpRequest } from "../test/support/manufacturer.ts";
import { startStackProcess } from "./flood/stack-process.ts";

const floodPerSecond = 200;
const rounds = 4;
const signInsEachRound = 50;
const pauseMs = 100;
const strangersSource = "127.0.0.2";
const membersSource = "127.0.0.3";

type Statuses = Map<number, number>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const count = (statuses: Statuses, status: number): void => {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
};

/** Sends at a steady rate, whatever becomes of what was sent before. */
function startFlood(url: string): { statuses: Statuses; stop: () => Promise<void> } {
  const send = clientFrom({ url }, strangersSource);
  const statuses: Statuses = new Map();
  const underWay = new Set<Promise<void>>();
  const perTick = floodPerSecond / 20;
  const timer = setInterval(() => {
    for (let index = 0; index < perTick; index += 1) {
      const guess = { email: `${randomUUID()}@strangers.example`, password: "wrong, surely wrong" };
      const sent = send("/v1/auth/sign-in", guess).then(
        ({ status }) => count(statuses, status),
        () => count(statuses, 0),
      );
      underWay.add(sent);
      void sent.finally(() => underWay.delete(sent));
    }
  }, 50);
  return {
    statuses,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** Signs a manufacturer up over HTTP alone; answers what its owner's device needs to sign in. */
async function signUp(url: string): Promise<{ email: string; knownDevice: string }> {
  const http = httpClient(url);
  const email = newEmail();
  await http.post("/v1/manufacturers", { body: signUpRequest(email) });
  await http.post("/__local/settle", { body: {} });
  const { body: outbox } = await http.get("/__local/outbox");
  const token = /#token=([\w-]+)/.exec(outbox.items.at(-1)?.text ?? "")?.[1];
  await http.post("/v1/auth/email/verify", { body: { token, password } });
  const { body } = await http.post("/v1/auth/sign-in", { body: { email, password } });
  return { email, knownDevice: body.knownDevice };
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

const show = (name: string, latenciesMs: readonly number[]): number => {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  console.log(
    `${name.padEnd(28)} ${sorted.length} sign-ins, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
  );
  return p99;
};

const stack = await startStackProcess();
const refused: Statuses = new Map();
try {
  const member = await signUp(stack.url);
  const send = clientFrom(stack, membersSource);
  const signIn = async (): Promise<number> => {
    const startMs = performance.now();
    const { status } = await send("/v1/auth/sign-in/known-device", { ...member, password });
    if (status !== 200) count(refused, status);
    return performance.now() - startMs;
  };
  const signIns = async (): Promise<number[]> => {
    const latenciesMs: number[] = [];
    for (let index = 0; index < signInsEachRound; index += 1) {
      latenciesMs.push(await signIn());
      await pause(pauseMs);
    }
    return latenciesMs;
  };
  // A window of ten minutes begins: what is compared afterwards lies within it.
  const { body: clock } = await httpClient(stack.url).get("/__local/clock");
  const leftSeconds = 600 - ((Date.parse(clock.now) / 1000) % 600);
  await httpClient(stack.url).post("/__local/clock", { body: { advanceSeconds: leftSeconds } });
  await signIns();
  const [quiet, flooded]: [number[], number[]] = [[], []];
  const guesses: Statuses = new Map();
  const first = startFlood(stack.url);
  const begin = await signIns();
  await first.stop();
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(...(await signIns()));
    const flood = startFlood(stack.url);
    flooded.push(...(await signIns()));
    await flood.stop();
    for (const [status, times] of flood.statuses)
      guesses.set(status, (guesses.get(status) ?? 0) + times);
  }
  console.log(`${floodPerSecond} wrong sign-ins a second from one source, by status:`);
  console.log(`  at first, until its budget is spent: ${JSON.stringify([...first.statuses])}`);
  console.log(`  afterwards: ${JSON.stringify([...guesses])}`);
  show("known device, at first", begin);
  const quietMs = show("known device, in quiet", quiet);
  const floodedMs = show("known device, in the flood", flooded);
  console.log(`ratio of p99: ${(floodedMs / quietMs).toFixed(2)}`);
  if (refused.size > 0) console.log(`refused: ${JSON.stringify([...refused])}`);
  process.exitCode = refused.size === 0 && floodedMs < 2 * quietMs ? 0 : 1;
} finally {
  await stack.close();
}
