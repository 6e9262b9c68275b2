import { jwtVerify, SignJWT } from "jose";
import type { Role } from "../access/policy.ts";
import type { ReadSigningKey, VerificationKeys } from "../auth/key-ring.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";

export const mfaTokenLifetimeSeconds = 300;

const algorithm = "ES256";
/** Another type than an access token's: neither can stand in for the other (RFC 8725 section 3.11). */
const tokenType = "mfa+jwt";

/** A password step that succeeded; the second factor makes a session of it. */
export interface MfaTokenClaims {
  memberId: string;
  manufacturerId: string;
  emailHash: string;
  roles: readonly Role[];
  totpFactorIds: readonly string[];
  /** Digest of the known device that was presented, if it is one. */
  knownDevice?: string | undefined;
  /** Digest of the known device that makes room when a new one is remembered. */
  evictedDevice?: string | undefined;
}

export interface VerifiedMfaToken extends MfaTokenClaims {
  tokenId: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Signs a token for the second step of a sign-in; valid for five minutes, and used up by one session. */
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
    .setExpirationTime(Math.floor(nowMs / 1000) + mfaTokenLifetimeSeconds)
    .sign(privateKey);
}

/** @throws Problem `invalid-mfa-token`, whatever is wrong with it */
export async function verifyMfaToken(
  token: string,
  { issuer, keys, now }: { issuer: string; keys: VerificationKeys; now: Clock },
): Promise<VerifiedMfaToken> {
  const { payload } = await jwtVerify(
    token,
    async ({ kid }) => {
      const key = kid === undefined ? undefined : await keys.find(kid);
      if (!key) throw new Problem("invalid-mfa-token");
      return key;
    },
    {
      algorithms: [algorithm],
      typ: tokenType,
      issuer,
      audience: issuer,
      currentDate: new Date(now()),
      requiredClaims: ["sub", "manufacturerId", "jti", "exp", "issuedAtMs", "emailHash"],
    },
  ).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_J")) {
      throw new Problem("invalid-mfa-token", { detail: "Sign in again.", cause: error });
    }
    throw error;
  });
  const { sub, jti, exp, iss: _, aud: __, ...claims } = payload;
  return {
    ...(claims as unknown as Omit<VerifiedMfaToken, "memberId" | "tokenId" | "expiresAtMs">),
    memberId: String(sub),
    tokenId: String(jti),
    expiresAtMs: Number(exp) * 1000,
  };
}
