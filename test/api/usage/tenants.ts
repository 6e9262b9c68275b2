import {
  claimsOf,
  createFirstOperator,
  signIn as signInWithCode,
} from "../../support/manufacturer.ts";
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
  const { body } = await http.post("/v1/auth/email/verify", { body: { token, password } });
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
export async function newOperator(stack: StackUnderTest): Promise<Operator> {
  const { email, password: secret, accessToken } = await createFirstOperator(stack);
  return { email, password: secret, token: accessToken };
}

/** A token that is valid now: the same until it ends, as codes of the second factor are few. */
export async function operatorAgain(stack: StackUnderTest, operator: Operator): Promise<string> {
  const isOver = Number(claimsOf(operator.token)["exp"]) * 1000 <= stack.now();
  if (isOver) operator.token = (await signInWithCode(stack, operator)).accessToken;
  return operator.token;
}

async function signIn(
  http: StackUnderTest["http"],
  email: string,
  secret: string,
): Promise<string> {
  const { body } = await http.post("/v1/auth/sign-in", { body: { email, password: secret } });
  return body.accessToken;
}
