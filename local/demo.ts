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

async function walk(url: string, readNewestMail: () => Promise<string>): Promise<void> {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
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

  heading("Sign-up");
  const signUp = await call("POST", "/v1/manufacturers", {
    legalName: "Rohrwerk Keller GmbH",
    country: "DE",
    contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
    owner,
  });
  show("POST /v1/manufacturers", signUp);
  const mail = await readNewestMail();
  note(
    `An e-mail went out, whose link is good once: ${mail.split("\n").find((line) => line.startsWith("http"))}`,
  );

  heading("Verification");
  const token = /#token=([\w-]+)/.exec(mail)?.[1];
  show("POST /v1/auth/email/verify", await call("POST", "/v1/auth/email/verify", { token }));

  heading("Sign-in");
  const wrong = await call("POST", "/v1/auth/sign-in", {
    email: owner.email,
    password: "not the password",
  });
  show("POST /v1/auth/sign-in with a wrong password", wrong);
  const signIn = await call("POST", "/v1/auth/sign-in", {
    email: owner.email,
    password: owner.password,
  });
  show("POST /v1/auth/sign-in", signIn);
  const accessToken = String(signIn.body["accessToken"]);

  heading("Access");
  show(
    "GET /v1/manufacturers/me",
    await call("GET", "/v1/manufacturers/me", undefined, accessToken),
  );
  show("GET /v1/manufacturers/me without a token", await call("GET", "/v1/manufacturers/me"));
  for (const permission of ["members:write", "members:unlock"]) {
    show(
      `POST /v1/access/check ${permission}`,
      await call("POST", "/v1/access/check", { permission }, accessToken),
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
