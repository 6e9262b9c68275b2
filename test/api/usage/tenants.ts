import type { StackUnderTest } from "../../support/stack.ts";

export interface Tenant {
  manufacturerId: string;
  email: string;
  token: string;
}

const password = "tidal copper vex";
let serial = 0;

/** Signs a manufacturer up over HTTP and in; on the free tier, as everybody begins. */
export async function newTenant({ http, settled, outbox }: StackUnderTest): Promise<Tenant> {
  serial += 1;
  const email = `owner-${serial}@rohrwerk.example`;
  await http.post("/v1/manufacturers", {
    body: {
      legalName: `Rohrwerk ${serial} GmbH`,
      country: "DE",
      contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
      owner: { name: "Maria Keller", email, password },
    },
  });
  await settled();
  const mail = outbox().findLast(({ to }) => to.includes(email));
  const token = /#token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
  const { body } = await http.post("/v1/auth/email/verify", { body: { token } });
  return { manufacturerId: body.manufacturerId, email, token: await signIn(http, email, password) };
}

/** A fresh access token: they live for ten minutes, which moving the clock uses up. */
export const signInAgain = ({ http }: StackUnderTest, { email }: Tenant): Promise<string> =>
  signIn(http, email, password);

export interface Operator {
  email: string;
  password: string;
  token: string;
}

/** The first operator of a stack, signed in; a stack has one only. */
export async function newOperator({ http, invoke }: StackUnderTest): Promise<Operator> {
  const created = (await invoke("createFirstOperator", {
    name: "Ola Ott",
    email: "operator@platform.example",
  })) as Omit<Operator, "token">;
  return { ...created, token: await signIn(http, created.email, created.password) };
}

export const operatorAgain = ({ http }: StackUnderTest, operator: Operator): Promise<string> =>
  signIn(http, operator.email, operator.password);

async function signIn(
  http: StackUnderTest["http"],
  email: string,
  secret: string,
): Promise<string> {
  const { body } = await http.post("/v1/auth/sign-in", { body: { email, password: secret } });
  return body.accessToken;
}
