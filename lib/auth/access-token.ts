import { errors, jwtVerify, SignJWT } from "jose";
import type { AssuranceLevel, Role } from "../access/policy.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../id.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { ReadSigningKey, VerificationKeys } from "./key-ring.ts";

export const accessTokenLifetimeSeconds = 600;

/** Clocks of issuer and verifier may differ by this much. */
export const clockToleranceSeconds = 5;
const algorithm = "ES256";
const tokenType = "at+jwt";

/** What an access token says (RFC 9068). `roles` inform only: the access item decides. */
export interface AccessTokenClaims {
  memberId: string;
  manufacturerId: string;
  sessionId: string;
  roles: readonly Role[];
  acr: AssuranceLevel;
  amr: readonly string[];
  /** When each method was last proven; the token carries whole seconds. */
  amrTimesMs: Readonly<Record<string, number>>;
  authTimeMs: number;
  /** Begin of the session: ending all sessions of a member ends those that began earlier. */
  sessionStartedAtMs: number;
  /** Which of the member's passwords the session began with: it ends with that one, whatever clocks say. */
  passwordVersion: number;
  /** The trusted device that made the session, if one did. */
  deviceId?: string | undefined;
}

export interface VerifiedAccessToken extends AccessTokenClaims {
  tokenId: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Signs an access token that is valid for ten minutes unless said (ES256, `typ: at+jwt`). */
export const issueAccessToken = performanceMonitor(innerOperations.tokenGeneration)(issue);

async function issue(
  claims: AccessTokenClaims,
  { issuer, signingKey, now }: { issuer: string; signingKey: ReadSigningKey; now: Clock },
  lifetimeSeconds = accessTokenLifetimeSeconds,
): Promise<string> {
  const { keyId, privateKey } = await signingKey();
  const issuedAtSeconds = Math.floor(now() / 1000);
  return new SignJWT({
    mid: claims.manufacturerId,
    roles: [...claims.roles],
    acr: claims.acr,
    amr: [...claims.amr],
    amr_times: mapValues(claims.amrTimesMs, (timeMs) => Math.floor(timeMs / 1000)),
    auth_time: Math.floor(claims.authTimeMs / 1000),
    sid: claims.sessionId,
    sst: claims.sessionStartedAtMs,
    pwv: claims.passwordVersion,
    // RFC 9068 demands one: the platform's own sign-in is the client.
    client_id: issuer,
    ...(claims.deviceId !== undefined && { dev: claims.deviceId }),
  })
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: keyId })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(claims.memberId)
    .setJti(newId("token"))
    .setIssuedAt(issuedAtSeconds)
    .setExpirationTime(issuedAtSeconds + lifetimeSeconds)
    .sign(privateKey);
}

/** Why a token was refused; safe to show, for it says nothing that the token does not. */
export type TokenRefusal =
  | "malformed"
  | "unknown-key"
  | "bad-signature"
  | "expired"
  | "wrong-claims";

export type TokenVerdict =
  | { valid: true; token: VerifiedAccessToken }
  | { valid: false; reason: TokenRefusal };

/**
 * Verifies signature, type, issuer, audience and lifetime. Algorithm and type are fixed, and the
 * key comes from our own ring: what the header says about keys (`jwk`, `jku`, `x5u`) is ignored
 * (RFC 8725 sections 3.1, 3.8-3.11; ASVS 9.1).
 */
export const verifyAccessToken = performanceMonitor(innerOperations.tokenValidation)(verify);

async function verify(
  token: string,
  { issuer, keys, now }: { issuer: string; keys: VerificationKeys; now: Clock },
): Promise<TokenVerdict> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (!key) throw new UnknownKey();
        return key;
      },
      {
        algorithms: [algorithm],
        typ: tokenType,
        issuer,
        audience: issuer,
        currentDate: new Date(now()),
        clockTolerance: clockToleranceSeconds,
        requiredClaims: [
          "sub",
          "mid",
          "sid",
          "acr",
          "amr_times",
          "auth_time",
          "sst",
          "pwv",
          "iat",
          "exp",
          "jti",
        ],
      },
    );
    return {
      valid: true,
      token: {
        memberId: String(payload.sub),
        manufacturerId: String(payload["mid"]),
        sessionId: String(payload["sid"]),
        roles: payload["roles"] as Role[],
        acr: payload["acr"] as AssuranceLevel,
        amr: payload["amr"] as string[],
        amrTimesMs: mapValues(
          payload["amr_times"] as Record<string, number>,
          (seconds) => seconds * 1000,
        ),
        authTimeMs: Number(payload["auth_time"]) * 1000,
        sessionStartedAtMs: Number(payload["sst"]),
        passwordVersion: Number(payload["pwv"]),
        deviceId: payload["dev"] as string | undefined,
        tokenId: String(payload.jti),
        issuedAtMs: Number(payload.iat) * 1000,
        expiresAtMs: Number(payload.exp) * 1000,
      },
    };
  } catch (error) {
    return { valid: false, reason: refusalOf(error) };
  }
}

const mapValues = (
  record: Readonly<Record<string, number>>,
  change: (value: number) => number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

class UnknownKey extends Error {}

/** Anything that is not about the token, such as an unreachable table, is thrown on. */
function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof UnknownKey) return "unknown-key";
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "bad-signature";
  if (error instanceof errors.JWTClaimValidationFailed) return "wrong-claims";
  if (error instanceof errors.JOSEError) return "malformed";
  throw error;
}
