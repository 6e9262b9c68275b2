import type { Role } from "../../lib/access/policy.ts";
import type { Stack } from "../../local/stack.ts";
import type { HttpAnswer } from "./http-client.ts";
import { httpClient } from "./http-client.ts";

/** Somebody who is signed in, and what they know. */
export interface SignedInMember {
  manufacturerId: string;
  memberId: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  knownDevice: string;
}

type StackInUse = Pick<Stack, "url" | "settled" | "outbox" | "invoke">;

/** Long enough to be the only factor, and no dictionary knows it. */
export const password = "tidal copper vex";

let people = 0;

/** An address that nobody else in this process has. */
export const newEmail = (): string => `person-${process.pid}-${++people}@rohrwerk.example`;

/** A sign-up as it is sent; overrides replace whole fields. */
export const signUpRequest = (email: string, overrides: Record<string, unknown> = {}) => ({
  legalName: "Rohrwerk Keller GmbH",
  country: "DE",
  contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
  owner: { name: "Maria Keller", email, password },
  ...overrides,
});

/** Signs a manufacturer up by way of the e-mailed link, and its owner in. */
export async function signUp(
  stack: StackInUse,
  overrides: Record<string, unknown> = {},
): Promise<SignedInMember> {
  const email = newEmail();
  const http = httpClient(stack.url);
  expectStatus(
    202,
    await http.post("/v1/manufacturers", { body: signUpRequest(email, overrides) }),
  );
  const token = await readLinkToken(stack, email);
  expectStatus(200, await http.post("/v1/auth/email/verify", { body: { token } }));
  return signIn(stack, { email, password });
}

/** Signs somebody in who needs no second factor. */
export async function signIn(
  { url }: Pick<Stack, "url">,
  credentials: { email: string; password: string; knownDevice?: string },
): Promise<SignedInMember> {
  const { email, password: secret, knownDevice } = credentials;
  const request = { email, password: secret, ...(knownDevice !== undefined && { knownDevice }) };
  const { body } = expectStatus(
    200,
    await httpClient(url).post("/v1/auth/sign-in", { body: request }),
  );
  const claims = claimsOf(body.accessToken);
  return {
    manufacturerId: String(claims["mid"]),
    memberId: String(claims["sub"]),
    email: credentials.email,
    password: credentials.password,
    accessToken: body.accessToken,
    refreshToken: body.refreshToken,
    knownDevice: body.knownDevice,
  };
}

/** Invites somebody into the inviter's manufacturer, has them accept, and signs them in. */
export async function inviteMember(
  stack: StackInUse,
  inviter: SignedInMember,
  role: Role,
): Promise<SignedInMember> {
  const { email, token } = await sendInvitation(stack, inviter, role);
  const accepted = await httpClient(stack.url).post("/v1/invitations/accept", {
    body: { token, password },
  });
  expectStatus(200, accepted);
  return signIn(stack, { email, password });
}

/** Invites somebody and reads the link they were sent, without following it. */
export async function sendInvitation(
  stack: StackInUse,
  inviter: SignedInMember,
  role: Role,
): Promise<{ memberId: string; email: string; token: string }> {
  const email = newEmail();
  const invited = await httpClient(stack.url).post("/v1/members", {
    body: { name: "Jonas Weber", email, role },
    token: inviter.accessToken,
  });
  const { memberId } = expectStatus(201, invited).body;
  return { memberId, email, token: await readLinkToken(stack, email) };
}

/** Makes the platform's first operator, of which a stack has one, and signs them in. */
export async function createFirstOperator(stack: StackInUse): Promise<SignedInMember> {
  const event = { name: "Olga Petrova", email: newEmail() };
  const made = (await stack.invoke("createFirstOperator", event)) as { password: string };
  return signIn(stack, { email: event.email, password: made.password });
}

/** The secret of the link in the newest e-mail to an address. */
export async function readLinkToken(stack: StackInUse, email: string): Promise<string> {
  await stack.settled();
  const mail = stack
    .outbox()
    .findLast(({ to, text }) => to.includes(email) && text?.includes("#token="));
  const token = /#token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
  if (token === undefined) throw new Error(`no e-mail with a link was sent to ${email}`);
  return token;
}

/** What an access token says, unverified. */
export const claimsOf = (accessToken: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString());

/** @throws Error with the answer, which names the step of a set-up that failed */
function expectStatus(status: number, answer: HttpAnswer): HttpAnswer {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got ${answer.status} ${JSON.stringify(answer.body)}`);
}
