import { hashEmail } from "../accounts/email-address.ts";
import type { AccountStore, Member } from "../accounts/store.ts";
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
export async function signIn(
  { body, requestId, userAgent }: OperationRequest<typeof signInRoute>,
  dependencies: SignInDependencies,
): Promise<(Tokens & { knownDevice: string }) | SecondStep> {
  const { secret, recordFailure, now } = dependencies;
  // Both are asked for first: a failure of the platform must not cost an attempt.
  const [lookupKey] = await Promise.all([secret("email-lookup"), secret("pepper")]);
  const emailHash = hashEmail(body.email, lookupKey);
  const login = await charge(emailHash, body.knownDevice, dependencies);
  const passwordHash = login?.passwordHash;
  const password = await comparePassword(body.password, passwordHash, dependencies);
  if (!login) throw wrongCredentials();
  if (passwordHash === undefined || !password.matches) {
    await recordFailure({
      manufacturerId: login.manufacturerId,
      subjectId: login.memberId,
      action: "auth.password.refused",
      requestId,
      timeMs: now(),
    });
    throw wrongCredentials();
  }
  const member = await dependencies.readMember(login.manufacturerId, login.memberId);
  if (member?.status !== "active") throw wrongCredentials();

  const device = rememberDevice(login.knownDevices, body.knownDevice, now());
  const verified = {
    emailHash,
    login,
    passwordHash,
    member,
    newHash: password.newHash,
    device,
    isKnownDevice: device.token === body.knownDevice,
  };
  return hasTotpFactor(member.secondFactors)
    ? askForSecondFactor(verified, dependencies)
    : startSignedIn(verified, { requestId, userAgent }, dependencies);
}

interface VerifiedPassword {
  emailHash: string;
  login: Login;
  /** The hash that was compared. */
  passwordHash: string;
  member: Member;
  newHash: string | undefined;
  device: ReturnType<typeof rememberDevice>;
  isKnownDevice: boolean;
}

/** Nothing is written: the second step commits what the two make together. */
async function askForSecondFactor(
  { emailHash, login, passwordHash, member, newHash, device, isKnownDevice }: VerifiedPassword,
  dependencies: SignInDependencies,
): Promise<SecondStep> {
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
      knownDeviceHash: isKnownDevice ? device.change.hash : undefined,
      forgottenDeviceHash: device.change.forgottenHash,
    },
    dependencies,
  );
  return { mfaRequired: true, mfaToken, methods: methodsOf(factors) };
}

async function startSignedIn(
  { emailHash, login, passwordHash, member, newHash, device, isKnownDevice }: VerifiedPassword,
  { requestId, userAgent }: { requestId: string; userAgent: string },
  dependencies: SignInDependencies,
): Promise<Tokens & { knownDevice: string }> {
  const { auth, now } = dependencies;
  const { manufacturerId, memberId } = login;
  const session = startSession(login, { acr: "aal1", amr: ["pwd"] }, userAgent, now());
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
      requestId,
      timeMs: session.startedAtMs,
      details: { amr: session.amr, newDevice: !isKnownDevice },
    },
  );
  if (!outcome.committed) throw refusedSignIn(login, outcome.failed.get(0));
  return { ...(await issueTokens(session, member.roles, dependencies)), knownDevice: device.token };
}

/** Charges a known device's counter, else the strangers'; undefined where nobody has the address. */
async function charge(
  emailHash: string,
  knownDevice: string | undefined,
  { auth }: SignInDependencies,
): Promise<Login | undefined> {
  if (knownDevice !== undefined) {
    const login = await auth.chargeKnownDevice(emailHash, hashDeviceToken(knownDevice));
    if (login) return login;
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

/** The same password is still the one: devices alone have changed, and the next attempt sees how. */
const refusedSignIn = (login: Login, met: Record<string, unknown> | undefined): Problem =>
  met?.["passwordHash"] === login.passwordHash ? new Problem("contention") : wrongCredentials();

const wrongCredentials = (): Problem => new Problem("invalid-credentials");
