import { Secret } from "otpauth";
import { renderUnicodeCompact } from "uqr";
import { codeAt } from "../lib/mfa/totp.ts";
import { startStack } from "./stack.ts";

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Walks one manufacturer through the product over HTTP and prints it for a person to read. */
async function main(): Promise<void> {
  const stack = await startStack();
  try {
    await walk(stack.url, async () => {
      await stack.settled();
      return stack.outbox().at(-1)?.text ?? "";
    });
  } finally {
    await stack.close();
  }
}

type Call = (method: string, path: string, body?: unknown, options?: Options) => Promise<Answer>;

interface Options {
  token?: string;
  headers?: Record<string, string>;
}

const caller =
  (url: string): Call =>
  async (method, path, body, { token, headers } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {} };
  };

const owner = {
  name: "Maria Keller",
  email: "maria@rohrwerk.example",
  password: "tidal copper vex",
};

async function walk(url: string, readNewestMail: () => Promise<string>): Promise<void> {
  const call = caller(url);
  await signUp(call, readNewestMail);
  const passwordToken = await signIn(call);
  const token = await bindSecondFactor(call, passwordToken);
  await spendQuota(call, token);
  await protectData(call, token);
  await screenData(call, token);
  heading("Audit");
  const { body } = await call("GET", "/v1/audit", undefined, { token });
  for (const { time, action, outcome } of body["items"] as Record<string, string>[]) {
    note(`${time}  ${action}  ${outcome}`);
  }
}

async function signUp(call: Call, readNewestMail: () => Promise<string>): Promise<void> {
  heading("Sign-up and verification");
  const signedUp = await call("POST", "/v1/manufacturers", {
    legalName: "Rohrwerk Keller GmbH",
    country: "DE",
    contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
    owner,
  });
  show("POST /v1/manufacturers", signedUp);
  const mail = await readNewestMail();
  const link = mail.split("\n").find((line) => line.startsWith("http"));
  note(`An e-mail went out, whose link is good once: ${link}`);
  const token = /#token=([\w-]+)/.exec(mail)?.[1];
  const { password } = owner;
  const verified = await call("POST", "/v1/auth/email/verify", { token, password });
  show("POST /v1/auth/email/verify", verified);
}

async function signIn(call: Call): Promise<string> {
  heading("Sign-in and access");
  const { email, password } = owner;
  const wrong = await call("POST", "/v1/auth/sign-in", { email, password: "not the password" });
  show("POST /v1/auth/sign-in with a wrong password", wrong);
  const signedIn = await call("POST", "/v1/auth/sign-in", { email, password });
  show("POST /v1/auth/sign-in", signedIn);
  const { knownDevice } = signedIn.body;
  show(
    "POST /v1/auth/sign-in/known-device, which strangers cannot keep waiting",
    await call("POST", "/v1/auth/sign-in/known-device", { email, password, knownDevice }),
  );
  const token = String(signedIn.body["accessToken"]);
  show("GET /v1/manufacturers/me", await call("GET", "/v1/manufacturers/me", undefined, { token }));
  const permission = "members:write";
  show(
    `POST /v1/access/check ${permission}, with a password alone`,
    await call("POST", "/v1/access/check", { permission }, { token }),
  );
  return token;
}

async function bindSecondFactor(call: Call, token: string): Promise<string> {
  heading("Second factor");
  const setUp = { label: "phone", password: owner.password };
  const { body: factor } = await call("POST", "/v1/mfa/totp", setUp, { token });
  note("Scan this with an authenticator app:");
  console.log(renderUnicodeCompact(String(factor["otpauthUri"])));
  const secret = Secret.fromBase32(String(factor["secret"])).bytes;
  const { body: clock } = await call("GET", "/__local/clock");
  const code = codeAt(secret, Date.parse(String(clock["now"])));
  const confirmed = await call(
    "POST",
    `/v1/mfa/totp/${factor["factorId"]}/confirm`,
    { code },
    { token },
  );
  show(`POST /v1/mfa/totp/{factorId}/confirm with the code ${code}`, confirmed);
  const strongToken = String(confirmed.body["accessToken"]);
  const permission = "members:write";
  show(
    `POST /v1/access/check ${permission}, with both factors`,
    await call("POST", "/v1/access/check", { permission }, { token: strongToken }),
  );
  return strongToken;
}

async function spendQuota(call: Call, token: string): Promise<void> {
  heading("Quota");
  const spend = (amount: number, key: string) =>
    call(
      "POST",
      "/v1/usage/product_uploads/increments",
      { amount },
      {
        token,
        headers: { "idempotency-key": key },
      },
    );
  show("99 of 100 uploads", await spend(99, "batch-1"));
  show("the same request again costs nothing", await spend(99, "batch-1"));
  show("two more than there are", await spend(2, "batch-2"));
}

async function protectData(call: Call, token: string): Promise<void> {
  heading("Encryption");
  const data = { recipe: "bronze 7", tin: 0.12 };
  const sealed = await call("POST", "/v1/encryption/encrypt", { data }, { token });
  show("POST /v1/encryption/encrypt", sealed);
  const { envelope } = sealed.body;
  show(
    "POST /v1/encryption/decrypt",
    await call("POST", "/v1/encryption/decrypt", { envelope }, { token }),
  );
  const changed = { ...(envelope as object), timestamp: "2020-01-01T00:00:00.000Z" };
  show(
    "the same envelope with another date",
    await call("POST", "/v1/encryption/decrypt", { envelope: changed }, { token }),
  );
}

async function screenData(call: Call, token: string): Promise<void> {
  heading("Threats");
  for (const name of [
    'UNION, 1/2" NPT; SELECT grade -- DROP forged',
    "x' UNION SELECT password FROM users --",
  ]) {
    const { body } = await call("POST", "/v1/threats/detect", { data: { name } }, { token });
    const { threat, confidence, findings } = body;
    note(`${name}`);
    note(
      `  threat: ${threat}, confidence ${Number(confidence).toFixed(3)} ${JSON.stringify(findings)}`,
    );
  }
}

const heading = (text: string): void => console.log(`\n${text}\n${"─".repeat(text.length)}`);
const note = (text: string): void => console.log(`  ${text}`);

/** Long secrets are cut: what matters is that they are there. */
function show(what: string, { status, body }: Answer): void {
  console.log(`${what} → ${status}`);
  for (const [name, value] of Object.entries(body)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    console.log(
      `  ${name}: ${text.length > 90 ? `${text.slice(0, 60)}… (${text.length} characters)` : text}`,
    );
  }
}

await main();
