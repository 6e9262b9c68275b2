import { hashEmail } from "../accounts/email-address.ts";
import type { AccountStore, Member } from "../accounts/store.ts";
import type { Origin } from "../audit/origin.ts";
import type { RecordFailure } from "../audit/record.ts";
import type { OperationRequest } from "../http/request.ts";
import { issueMfaToken } from "../mfa/mfa-token.ts";
import type { SecondFactorMethod } from "../mfa/second-factors.ts";
import { hasTotpFactor, methodsOf, noSecondFactors } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { signInRoute } from "./api.ts";
import type { PasswordDependencies } from "./compare-password.ts";
import { comparePassword } from "./compare-password.ts";
import { hashDeviceToken, rememberDevice } from "./known-devices.ts";
import type { TokenDependencies, Tokens } from "./session.ts";
import { issueTokens, startSession } from "./session.ts";
import type { AuthStore, Login } from "./store.ts";
import { tooManyAttempts } from "./too-many-attempts.ts";

export interface SignInDependencies extends TokenDependencies, PasswordDependencies {
  auth: AuthStore;
  readMember: AccountStore["readMember"];
  recordFailure: RecordFailure;
}

/** What a member with a second factor is answered in place of tokens. */
export interface SecondStep {
  mfaRequired: true;
  mfaToken: string;
  methods: SecondFactorMethod[];
}

/**
 * Signs a member in with e-mail address and password. One attempt is charged before the hash is
 * compared; an unknown address is charged, hashed for and answered like a known one. Where a second
 * factor is bound, the attempt stays charged until that is given too.
 *
 * @throws Problem `invalid-credentials` for an unknown address and a wrong password alike,
 * `too-many-attempts` with `Retry-After`
 */
export const signIn = (
  request: OperationRequest<typeof signInRoute>,
  dependencies: SignInDependencies,
): Promise<SignInAnswer> =>
  signInCharged(request, dependencies, (emailHash) =>
    charge(emailHash, request.body.knownDevice, dependencies),
  );

export type SignInAnswer = (Tokens & { knownDevice: string }) | SecondStep;

/** Takes one attempt at an address; undefined where nobody has it. Throws where no attempt is left. */
type ChargeSignIn = (emailHash: string) => Promise<Login | undefined>;

type PasswordRequest = Pick<OperationRequest<typeof signInRoute>, "body" | "origin">;

/** What all ways to sign in with a password have in common: charge, compare, commit. */
export async function signInCharged(
  { body, origin }: PasswordRequest,
  dependencies: SignInDependencies,
  chargeSignIn: ChargeSignIn,
): Promise<SignInAnswer> {
  const { secret, recordFailure, now } = dependencies;
  // Both are asked for first: a failure of the platform must not cost an attempt.
  const [lookupKey] = await Promise.all([secret("email-lookup"), secret("pepper")]);
  const emailHash = hashEmail(body.email, lookupKey);
  const login = await chargeSignIn(emailHash);
  const passwordHash = login?.passwordHash;
  const password = await comparePassword(body.password, passwordHash, dependencies);
  if (!login) throw wrongCredentials();
  if (passwordHash === undefined || !password.matches) {
    await recordFailure({
      manufacturerId: login.manufacturerId,
      subjectId: login.memberId,
      action: "auth.password.refused",
      origin,
      timeMs: now(),
    });
    throw wrongCredentials();
  }
  const member = await dependencies.readMember(login.manufacturerId, login.memberId);
  if (member?.status !== "active") throw wrongCredentials();

  const verified = {
    emailHash,
    login,
    passwordHash,
    member,
    newHash: password.newHash,
    knownDevice: body.knownDevice,
  };
  return hasTotpFactor(member.secondFactors)
    ? askForSecondFactor(verified, dependencies)
    : startSignedIn(verified, { origin }, dependencies);
}

interface VerifiedPassword {
  emailHash: string;
  login: Login;
  /** The hash that was compared. */
  passwordHash: string;
  member: Member;
  newHash: string | undefined;
  /** The token that the client sent. */
  knownDevice: string | undefined;
}

/** Nothing is written: the second step commits what the two make together. */
async function askForSecondFactor(
  { emailHash, login, passwordHash, member, newHash, knownDevice }: VerifiedPassword,
  dependencies: SignInDependencies,
): Promise<SecondStep> {
  const device = rememberDevice(login.knownDevices, knownDevice, dependencies.now());
  if (newHash) {
    await dependencies.auth.replaceHash(emailHash, { passwordHash, newPasswordHash: newHash });
  }
  const factors = member.secondFactors ?? noSecondFactors;
  const mfaToken = await issueMfaToken(
    {
      memberId: login.memberId,
      manufacturerId: login.manufacturerId,
      emailHash,
      roles: member.roles,
      totpFactorIds: factors.totpFactorIds,
      backupCodeGeneration: factors.backupCodeGeneration,
      passwordVersion: login.passwordVersion,
      knownDeviceHash: device.token === knownDevice ? device.change.hash : undefined,
      forgottenDeviceHash: device.change.forgottenHash,
    },
    dependencies,
  );
  return { mfaRequired: true, mfaToken, methods: methodsOf(factors, dependencies.now()) };
}

/** Sign-ins at the same moment take each other's room for devices: whoever lost it looks for another. */
const commitsMax = 20;

async function startSignedIn(
  verified: VerifiedPassword,
  request: { origin: Origin },
  dependencies: SignInDependencies,
): Promise<Tokens & { knownDevice: string }> {
  let { knownDevices } = verified.login;
  for (let commits = 1; commits <= commitsMax; commits++) {
    const outcome = await commitSignIn({ ...verified, knownDevices }, request, dependencies);
    if ("tokens" in outcome) return outcome.tokens;
    // The same password is still the one: devices alone have changed, and the item says how.
    if (outcome.met?.passwordHash !== verified.passwordHash) throw wrongCredentials();
    ({ knownDevices } = outcome.met);
  }
  throw new Problem("contention");
}

async function commitSignIn(
  {
    emailHash,
    login,
    passwordHash,
    member,
    newHash,
    knownDevice,
    knownDevices,
  }: VerifiedPassword & Pick<Login, "knownDevices">,
  { origin }: { origin: Origin },
  dependencies: SignInDependencies,
): Promise<{ tokens: Tokens & { knownDevice: string } } | { met: Login | undefined }> {
  const { auth, now } = dependencies;
  const { manufacturerId, memberId } = login;
  const device = rememberDevice(knownDevices, knownDevice, now());
  const session = startSession(login, { acr: "aal1", amr: ["pwd"] }, origin, now());
  const outcome = await auth.commitSignIn(
    emailHash,
    { passwordHash, newPasswordHash: newHash ?? passwordHash },
    device.change,
    session,
    {
      manufacturerId,
      actorId: memberId,
      subjectId: session.sessionId,
      action: "auth.session.started",
      outcome: "success",
      origin,
      timeMs: session.startedAtMs,
      details: { amr: session.amr, newDevice: device.token !== knownDevice },
    },
  );
  if (!outcome.committed) {
    const isRemoved = outcome.failed.has(1);
    return { met: isRemoved ? undefined : (outcome.failed.get(0) as Login | undefined) };
  }
  const tokens = await issueTokens(session, member.roles, dependencies);
  return { tokens: { ...tokens, knownDevice: device.token } };
}

/** Charges a known device's counter, else the strangers'; undefined where nobody has the address. */
async function charge(
  emailHash: string,
  knownDevice: string | undefined,
  { auth }: SignInDependencies,
): Promise<Login | undefined> {
  if (knownDevice !== undefined) {
    const device = await auth.chargeKnownDevice(emailHash, hashDeviceToken(knownDevice));
    if (device.charged) return device.login;
  }
  const known = await auth.chargePassword(emailHash);
  if (known.charged) return known.item as unknown as Login;
  if (known.reason !== "refused") {
    await auth.refuseAsUnknown(emailHash);
    throw tooManyAttempts(known);
  }
  const unknown = await auth.chargeUnknown(emailHash);
  if (unknown.charged) return undefined;
  throw tooManyAttempts(unknown);
}

const wrongCredentials = (): Problem => new Problem("invalid-credentials");
