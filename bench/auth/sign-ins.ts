import { Secret, TOTP } from "otpauth";
import type { Stack } from "../../local/stack.ts";

const rounds = 12;
const stepMs = 30_000;
const owner = {
  name: "Maria Keller",
  email: "maria@rohrwerk.example",
  password: "tidal copper vex",
};

type Body = Record<string, string>;

/** Signs a member in over and over and prints how long it takes, password hash and HTTP included. */
export async function measureSignIns(stack: Stack): Promise<void> {
  const post = async (path: string, body: unknown, token?: string): Promise<Body> => {
    const response = await fetch(`${stack.url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const { email, password } = owner;
  await signUp(stack, post);
  const first = await post("/v1/auth/sign-in", { email, password });
  const knownDevice = first["knownDevice"];
  const passwordOnly: number[] = [];
  for (let round = 0; round < rounds; round++) {
    passwordOnly.push(
      await timed(() => post("/v1/auth/sign-in", { email, password, knownDevice })),
    );
  }

  const setup = await post("/v1/mfa/totp", { password }, first["accessToken"]);
  const app = new TOTP({ secret: Secret.fromBase32(setup["secret"] ?? "") });
  const nextCode = (): string => {
    stack.advanceClock(stepMs / 1000);
    return app.generate({ timestamp: stack.now() });
  };
  await post(
    `/v1/mfa/totp/${setup["factorId"]}/confirm`,
    { code: nextCode() },
    first["accessToken"],
  );
  const both: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const code = nextCode();
    both.push(
      await timed(async () => {
        const { mfaToken } = await post("/v1/auth/sign-in", { email, password, knownDevice });
        await post("/v1/auth/mfa/totp", { mfaToken, code });
      }),
    );
  }
  console.log(`\nsign-ins one after another over HTTP on the local stack, ${rounds} each`);
  show("password", passwordOnly);
  show("password and code", both);
}

async function signUp(
  stack: Stack,
  post: (path: string, body: unknown) => Promise<Body>,
): Promise<void> {
  await post("/v1/manufacturers", {
    legalName: "Rohrwerk Keller GmbH",
    country: "DE",
    contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
    owner,
  });
  await stack.settled();
  const token = /#token=([\w-]+)/.exec(stack.outbox().at(-1)?.text ?? "")?.[1];
  await post("/v1/auth/email/verify", { token, password: owner.password });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

function show(name: string, durationsMs: readonly number[]): void {
  const sorted = durationsMs.toSorted((one, other) => one - other);
  const median = sorted[sorted.length >> 1] ?? 0;
  const total = durationsMs.reduce((sum, durationMs) => sum + durationMs, 0);
  console.log(
    `  ${name.padEnd(20)} median ${median.toFixed(0).padStart(5)} ms, longest ${sorted.at(-1)?.toFixed(0).padStart(5)} ms, ${((1000 * durationsMs.length) / total).toFixed(1)} a second`,
  );
}
