import { errors, jwtVerify, SignJWT } from "jose";
import type { Role } from "../access/policy.ts";
import type { ReadSigningKey, VerificationKeys } from "../auth/key-ring.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";

const lifetimeSeconds = 300;
const algorithm = "ES256";
/** Another type than an access token's: neither can stand in for the other (RFC 8725 section 3.11). */
const tokenType = "mfa+jwt";

/** A password step that succeeded; a second factor makes a session of it. */
export interface MfaTokenClaims {
  memberId: string;
  manufacturerId: string;
  emailHash: string;
  roles: readonly Role[];
  totpFactorIds: readonly string[];
  backupCodeGeneration: number;
  /** Of the password that was given; absent for the first. */
  passwordVersion?: number | undefined;
  /** Digest of the known device that was presented, if it is one. */
  knownDeviceHash?: string | undefined;
  /** Digest of the known device that makes room where a new one is remembered. */
  forgottenDeviceHash?: string | undefined;
}

export interface MfaToken extends MfaTokenClaims {
  tokenId: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

export interface MfaTokenDependencies {
  issuer: string;
  keys: VerificationKeys;
  now: Clock;
}

/** Signs a token for the second step of a sign-in: good for five minutes, and for one session. */
export async function issueMfaToken(
  { memberId, ...claims }: MfaTokenClaims,
  { issuer, signingKey, now }: { issuer: string; signingKey: ReadSigningKey; now: Clock },
): Promise<string> {
  const { keyId, privateKey } = await signingKey();
  const nowMs = now();
  return new SignJWT({ ...claims, issuedAtMs: nowMs })
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: keyId })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(memberId)
    .setJti(newId("token"))
    .setExpirationTime(Math.floor(nowMs / 1000) + lifetimeSeconds)
    .sign(privateKey);
}

/**
 * Reads a token back; whether it was used before is for the commit's condition to decide.
 *
 * @throws Problem `invalid-mfa-token`, whatever is wrong with it
 */
export async function readMfaToken(
  token: string,
  { issuer, keys, now }: MfaTokenDependencies,
): Promise<MfaToken> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (!key) throw invalidMfaToken();
        return key;
      },
      {
        algorithms: [algorithm],
        typ: tokenType,
        issuer,
        audience: issuer,
        currentDate: new Date(now()),
        requiredClaims: ["sub", "jti", "exp", "issuedAtMs"],
      },
    );
    const { sub, jti, exp, iss: _, aud: __, ...claims } = payload;
    return {
      ...(claims as unknown as Omit<MfaToken, "memberId" | "tokenId" | "expiresAtMs">),
      memberId: String(sub),
      tokenId: String(jti),
      expiresAtMs: Number(exp) * 1000,
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw invalidMfaToken(error);
    throw error;
  }
}

export const invalidMfaToken = (cause?: unknown): Problem =>
  new Problem("invalid-mfa-token", { detail: "Sign in again.", cause });
