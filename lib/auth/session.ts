import type { AssuranceLevel, Role } from "../access/policy.ts";
import type { Origin } from "../audit/origin.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../id.ts";
import { accessTokenLifetimeSeconds, issueAccessToken } from "./access-token.ts";
import type { ReadSigningKey } from "./key-ring.ts";
import type { ReadSecret } from "./platform-secrets.ts";
import { issueRefreshToken } from "./refresh-token.ts";

/** SP 800-63B-4 section 2.2.3: re-authentication after 24 h, or after 1 h without use. */
export const sessionAbsoluteMs = 24 * 3_600_000;
export const sessionIdleMs = 3_600_000;

/** One sign-in on one device. */
export interface Session {
  sessionId: string;
  memberId: string;
  manufacturerId: string;
  /** Which of the member's passwords it began with: it ends with that one. */
  passwordVersion: number;
  startedAtMs: number;
  /** How often it was refreshed: the position of the one refresh token that is valid. */
  counter: number;
  refreshedAtMs: number;
  absoluteExpiresAtMs: number;
  idleExpiresAtMs: number;
  acr: AssuranceLevel;
  amr: readonly string[];
  amrTimesMs: Readonly<Record<string, number>>;
  authTimeMs: number;
  /** Where it began; empty where the client did not say. */
  userAgent: string;
  sourceAddress?: string | undefined;
  /** Where it was refreshed last. */
  lastUserAgent?: string | undefined;
  lastSourceAddress?: string | undefined;
  /** The trusted device that made it: it ends when that one is revoked. */
  deviceId?: string | undefined;
}

/** What tokens say of their session; all but the counter stays the same. */
export type SessionClaims = Omit<
  Session,
  | "refreshedAtMs"
  | "idleExpiresAtMs"
  | "userAgent"
  | "sourceAddress"
  | "lastUserAgent"
  | "lastSourceAddress"
>;

/** How well somebody authenticated; methods without a time were proven just now. */
export interface Authentication {
  acr: AssuranceLevel;
  amr: readonly string[];
  amrTimesMs?: Readonly<Record<string, number>>;
  /** The trusted device that took part. */
  deviceId?: string | undefined;
}

/** A new session; it ends 24 h after the oldest of its methods was proven, however often it is renewed. */
export function startSession(
  {
    memberId,
    manufacturerId,
    passwordVersion = 0,
  }: { memberId: string; manufacturerId: string; passwordVersion?: number | undefined },
  { acr, amr, amrTimesMs = {}, deviceId }: Authentication,
  { userAgent = "", sourceAddress }: Origin,
  nowMs: number,
): Session {
  const times = Object.fromEntries(amr.map((method) => [method, amrTimesMs[method] ?? nowMs]));
  return {
    memberId,
    manufacturerId,
    passwordVersion,
    acr,
    amr: [...amr],
    amrTimesMs: times,
    sessionId: newId("session"),
    startedAtMs: nowMs,
    counter: 0,
    refreshedAtMs: nowMs,
    absoluteExpiresAtMs: Math.min(nowMs, ...Object.values(times)) + sessionAbsoluteMs,
    idleExpiresAtMs: nowMs + sessionIdleMs,
    authTimeMs: nowMs,
    userAgent,
    sourceAddress,
    ...(deviceId !== undefined && { deviceId }),
  };
}

export interface TokenDependencies {
  issuer: string;
  signingKey: ReadSigningKey;
  secret: ReadSecret;
  now: Clock;
}

/** The answer of everything that authenticates (RFC 6749 section 5.1, in camel case). */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  tokenType: "Bearer";
  expiresInSeconds: number;
  acr: AssuranceLevel;
  amr: string[];
}

/** The access and refresh token of a session as it stands. */
export async function issueTokens(
  session: SessionClaims,
  roles: readonly Role[],
  dependencies: TokenDependencies,
): Promise<Tokens> {
  const claims = {
    memberId: session.memberId,
    manufacturerId: session.manufacturerId,
    sessionId: session.sessionId,
    counter: session.counter,
    roles,
    acr: session.acr,
    amr: session.amr,
    amrTimesMs: session.amrTimesMs,
    authTimeMs: session.authTimeMs,
    startedAtMs: session.startedAtMs,
    passwordVersion: session.passwordVersion,
    absoluteExpiresAtMs: session.absoluteExpiresAtMs,
    deviceId: session.deviceId,
  };
  // No token outlives its session.
  const expiresInSeconds = Math.min(
    accessTokenLifetimeSeconds,
    Math.floor((session.absoluteExpiresAtMs - dependencies.now()) / 1000),
  );
  const [accessToken, refreshToken] = await Promise.all([
    issueAccessToken(
      { ...claims, sessionStartedAtMs: session.startedAtMs },
      dependencies,
      expiresInSeconds,
    ),
    dependencies.secret("refresh").then((key) => issueRefreshToken(claims, key)),
  ]);
  return {
    accessToken,
    refreshToken,
    tokenType: "Bearer",
    expiresInSeconds,
    acr: session.acr,
    amr: [...session.amr],
  };
}
