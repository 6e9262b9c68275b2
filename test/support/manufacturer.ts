import type { Role } from "../../lib/access/policy.ts";
import type { OperatorCredentials } from "../../lib/operator/create-first-operator.ts";
import type { Stack } from "../../local/stack.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { httpClient } from "./http-client.ts";
import type { EnrolledMember } from "./second-factor.ts";
import { AuthenticatorApp, appOf, enrolTotp, rememberApp } from "./second-factor.ts";

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

type StackInUse = Pick<Stack, "url" | "settled" | "outbox" | "invoke" | "now" | "advanceClock">;

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
  expectStatus(200, await http.post("/v1/auth/email/verify", { body: { token, password } }));
  return signIn(stack, { email, password });
}

/** Signs a manufacturer up whose owner has a second factor: what changes members asks for one. */
export const signUpWithFactor = async (
  stack: StackInUse,
  overrides: Record<string, unknown> = {},
): Promise<EnrolledMember> => enrolTotp(stack, await signUp(stack, overrides));

/** Signs somebody in, with a code of their app where they have one. */
export async function signIn(
  { url }: Pick<Stack, "url">,
  credentials: { email: string; password: string; knownDevice?: string },
): Promise<SignedInMember> {
  const { email, password, knownDevice } = credentials;
  const http = httpClient(url);
  const first = await http.post("/v1/auth/sign-in", { body: { email, password, knownDevice } });
  const { body } = expectStatus(200, first).body.mfaRequired
    ? await giveCode(http, email, first.body.mfaToken)
    : first;
  const claims = claimsOf(body.accessToken);
  return {
    manufacturerId: String(claims["mid"]),
    memberId: String(claims["sub"]),
    email,
    password,
    accessToken: body.accessToken,
    refreshToken: body.refreshToken,
    knownDevice: body.knownDevice ?? knownDevice,
  };
}

async function giveCode(http: HttpClient, email: string, mfaToken: string): Promise<HttpAnswer> {
  const app = appOf(email);
  if (!app) throw new Error(`${email} is asked for a code, and has no app here`);
  const body = { mfaToken, code: app.nextCode(), factorId: app.factorId };
  return expectStatus(200, await http.post("/v1/auth/mfa/totp", { body }));
}

/** Another session of a member's, at `aal2`: binds an app where there is none. */
export async function strongSession(
  stack: StackInUse,
  member: SignedInMember,
): Promise<SignedInMember> {
  const session = await signIn(stack, member);
  return claimsOf(session.accessToken)["acr"] === "aal2"
    ? session
    : enrolTotp(stack, session, { endOtherSessions: false });
}

/** Those who may change members have to have a second factor for it. */
const withFactor: readonly Role[] = ["owner", "admin", "operator"];

/**
 * Invites somebody into the inviter's manufacturer, has them accept, and signs them in: at `aal2`
 * where their role may change members.
 */
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
  const member = await signIn(stack, { email, password });
  return withFactor.includes(role) ? enrolTotp(stack, member) : member;
}

/** Invites somebody and reads the link they were sent, without following it. */
export async function sendInvitation(
  stack: StackInUse,
  inviter: SignedInMember,
  role: Role,
): Promise<{ memberId: string; email: string; token: string }> {
  const email = newEmail();
  const invite = ({ accessToken: token }: SignedInMember) =>
    httpClient(stack.url).post("/v1/members", {
      body: { name: "Jonas Weber", email, role },
      token,
    });
  const first = await invite(inviter);
  // The inviter goes on in the stronger session: one of a single factor is good for nothing else then.
  if (first.status === 401) Object.assign(inviter, await strongSession(stack, inviter));
  const invited = first.status === 401 ? await invite(inviter) : first;
  const { memberId } = expectStatus(201, invited).body;
  return { memberId, email, token: await readLinkToken(stack, email) };
}

/** Makes the platform's first operator, of which a stack has one, and signs them in. */
export async function createFirstOperator(stack: StackInUse): Promise<SignedInMember> {
  const event = { name: "Olga Petrova", email: newEmail() };
  const made = (await stack.invoke("createFirstOperator", event)) as OperatorCredentials;
  takeCredentials(stack, made);
  return signIn(stack, made);
}

/** Puts the app of a first operator where `signIn` finds it. */
export const takeCredentials = (
  stack: Pick<Stack, "url" | "now" | "advanceClock">,
  { email, factorId, totpSecret }: OperatorCredentials,
): void => rememberApp(email, new AuthenticatorApp(stack, factorId, totpSecret));

/** The secret of the link in the newest e-mail to an address. */
export async function readLinkToken(stack: StackInUse, email: string): Promise<string> {
  await stack.settled();
  const mail = stack
    .outbox()
    .findLast(({ to, text }) => to.includes(email) && /(?<!not-me)#token=/.test(text ?? ""));
  const token = /(?<!not-me)#token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
  if (token === undefined) throw new Error(`no e-mail with a link was sent to ${email}`);
  return token;
}

/** The secret of the newest link that takes a change of factors back. */
export async function readNotMeToken(
  stack: Pick<Stack, "settled" | "outbox">,
  email: string,
): Promise<string> {
  await stack.settled();
  const tokens = stack
    .outbox()
    .filter(({ to }) => to.includes(email))
    .flatMap(({ text }) => /not-me#token=([\w-]+)/.exec(text ?? "")?.[1] ?? []);
  const token = tokens.at(-1);
  if (token === undefined) throw new Error(`no link to take a change back was sent to ${email}`);
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
