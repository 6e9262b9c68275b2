import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Secret, TOTP } from "otpauth";
import { identityKeys } from "../../lib/aws/item-keys.ts";
import type { Stack } from "../../local/stack.ts";
import type { HttpAnswer } from "./http-client.ts";
import { httpClient } from "./http-client.ts";
import type { SignedInMember } from "./manufacturer.ts";
import { documentsOf } from "./platform-keys.ts";

type StackInUse = Pick<Stack, "url" | "now" | "advanceClock">;

const stepMs = 30_000;

/** What a member's phone does: it shows codes, and each of them once. */
export class AuthenticatorApp {
  readonly factorId: string;
  readonly #totp: TOTP;
  readonly #stack: StackInUse;
  #lastStep = 0;

  constructor(stack: StackInUse, factorId: string, secret: string) {
    this.factorId = factorId;
    this.#stack = stack;
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }

  /** The code of a time step that lies `steps` from the current one. */
  codeAt(steps: number): string {
    return this.#totp.generate({ timestamp: this.#stack.now() + steps * stepMs });
  }

  /**
   * A code that was not shown before: the current one, then the next; where the window has no more,
   * the clock moves on by a time step.
   */
  nextCode(): string {
    const current = Math.floor(this.#stack.now() / stepMs);
    const step = Math.max(this.#lastStep + 1, current);
    if (step > current + 1) this.#stack.advanceClock(((step - current) * stepMs) / 1000);
    this.#lastStep = step;
    return this.#totp.generate({ timestamp: step * stepMs });
  }

  /** A code that is none of the window's. */
  wrongCode(): string {
    const right = [-2, -1, 0, 1, 2].map((steps) => this.codeAt(steps));
    const candidates = ["000000", "111111", "222222", "333333", "444444", "555555"];
    return candidates.find((code) => !right.includes(code)) ?? "666666";
  }
}

/** Each member's newest app, by the address that signs in. */
const appsByEmail = new Map<string, AuthenticatorApp>();

/** What somebody's phone would show when a sign-in asks for a code. */
export const appOf = (email: string): AuthenticatorApp | undefined => appsByEmail.get(email);

/** Takes an app that was bound by other means than `enrolTotp`. */
export const rememberApp = (email: string, app: AuthenticatorApp): void => {
  appsByEmail.set(email, app);
};

export interface EnrolledMember extends SignedInMember {
  app: AuthenticatorApp;
  backupCodes: string[];
}

/** Binds an authenticator app; the answer's tokens are of a session at `aal2`. */
export async function enrolTotp(
  stack: StackInUse,
  member: SignedInMember,
  {
    endOtherSessions,
    ...setup
  }: { label?: string; replacesFactorId?: string; endOtherSessions?: boolean } = {},
): Promise<EnrolledMember> {
  const http = httpClient(stack.url);
  const pending = expectStatus(
    201,
    await http.post("/v1/mfa/totp", {
      body: { ...setup, password: member.password },
      token: member.accessToken,
    }),
  ).body;
  const app = new AuthenticatorApp(stack, pending.factorId, pending.secret);
  const confirmed = expectStatus(
    200,
    await http.post(`/v1/mfa/totp/${pending.factorId}/confirm`, {
      body: { code: app.nextCode(), endOtherSessions },
      token: member.accessToken,
    }),
  ).body;
  rememberApp(member.email, app);
  return {
    ...member,
    accessToken: confirmed.accessToken,
    refreshToken: confirmed.refreshToken,
    app,
    backupCodes: confirmed.backupCodes,
  };
}

/** Proves the second factor inside a session: new tokens, authenticated just now. */
export async function stepUp(stack: StackInUse, member: EnrolledMember): Promise<EnrolledMember> {
  const { body } = expectStatus(
    200,
    await httpClient(stack.url).post("/v1/mfa/verify", {
      body: { code: member.app.nextCode(), factorId: member.app.factorId },
      token: member.accessToken,
    }),
  );
  return { ...member, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

/** Leaves an app as that many wrong codes in a row would, without the hours they take. */
export async function setFailures(
  stack: Pick<Stack, "endpoints" | "tableNames">,
  { memberId, app }: EnrolledMember,
  failures: number,
): Promise<void> {
  await documentsOf(stack).send(
    new UpdateCommand({
      TableName: stack.tableNames.identity,
      Key: identityKeys.factor(memberId, app.factorId),
      UpdateExpression: "SET failures = :failures, notBeforeMs = :past",
      ExpressionAttributeValues: { ":failures": failures, ":past": 1 },
    }),
  );
}

/** Goes on in the same session, without proving anything again. */
export async function refreshed<Member extends SignedInMember>(
  { url }: Pick<Stack, "url">,
  member: Member,
): Promise<Member> {
  const { body } = expectStatus(
    200,
    await httpClient(url).post("/v1/auth/refresh", {
      body: { refreshToken: member.refreshToken },
    }),
  );
  return { ...member, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

/** The password step of somebody who has a second factor. */
export async function askForMfaToken(
  { url }: Pick<Stack, "url">,
  { email, password, knownDevice }: Pick<SignedInMember, "email" | "password" | "knownDevice">,
): Promise<string> {
  const { body } = expectStatus(
    200,
    await httpClient(url).post("/v1/auth/sign-in", { body: { email, password, knownDevice } }),
  );
  return body.mfaToken;
}

/** Signs a member in by password and code. */
export async function signInWithTotp(
  stack: StackInUse,
  member: EnrolledMember,
): Promise<EnrolledMember> {
  const mfaToken = await askForMfaToken(stack, member);
  const { body } = expectStatus(
    200,
    await httpClient(stack.url).post("/v1/auth/mfa/totp", {
      body: { mfaToken, code: member.app.nextCode() },
    }),
  );
  return { ...member, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

function expectStatus(status: number, answer: HttpAnswer): HttpAnswer {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got ${answer.status} ${JSON.stringify(answer.body)}`);
}
