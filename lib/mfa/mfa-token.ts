import { createHash } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import type { Role } from "../access/policy.ts";
import type { ReadSecret } from "../auth/platform-secrets.ts";
import { versionOf } from "../auth/platform-secrets.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";

export const mfaTokenLifetimeMs = 300_000;
const keyManagement = "dir";
const contentEncryption = "A256GCM";
/** Another type than an access token's: neither can stand in for the other (RFC 8725 section 3.11). */
const tokenType = "mfa+jwt";
/** Claims are padded to a multiple of this: the length of a token tells neither roles nor factors. */
const paddedBytes = 1024;

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
  secret: ReadSecret;
  now: Clock;
}

/**
 * A token for the second step of a sign-in: good for five minutes, and for one session. It is encrypted
 * (RFC 7516) under a secret of the platform: whoever has the password alone learns nothing from it.
 */
export async function issueMfaToken(
  { memberId, ...claims }: MfaTokenClaims,
  { issuer, secret, now }: MfaTokenDependencies,
): Promise<string> {
  const { version, key } = await secret("mfa-token");
  const nowMs = now();
  const content = { ...claims, issuedAtMs: nowMs };
  return new EncryptJWT({ ...content, pad: paddingOf(content) })
    .setProtectedHeader({
      alg: keyManagement,
      enc: contentEncryption,
      typ: tokenType,
      kid: String(version),
    })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(memberId)
    .setJti(newId("token"))
    .setExpirationTime(Math.floor((nowMs + mfaTokenLifetimeMs) / 1000))
    .encrypt(key);
}

const paddingOf = (content: object): string => {
  const { length } = Buffer.from(JSON.stringify(content));
  return " ".repeat(paddedBytes - (length % paddedBytes));
};

/**
 * Reads a token back; whether it was used before is for the commit's condition to decide.
 *
 * @throws Problem `invalid-mfa-token`, whatever is wrong with it
 */
export async function readMfaToken(
  token: string,
  { issuer, secret, now }: MfaTokenDependencies,
): Promise<MfaToken> {
  try {
    const { payload } = await jwtDecrypt(
      token,
      async ({ kid }) => {
        const version = versionOf(kid);
        const tokenKey = version && (await secret("mfa-token", version));
        if (!tokenKey) throw invalidMfaToken();
        return tokenKey.key;
      },
      {
        keyManagementAlgorithms: [keyManagement],
        contentEncryptionAlgorithms: [contentEncryption],
        typ: tokenType,
        issuer,
        audience: issuer,
        currentDate: new Date(now()),
        requiredClaims: ["sub", "jti", "exp", "issuedAtMs"],
      },
    );
    const { sub, jti, exp, iss: _, aud: __, pad: ___, ...claims } = payload;
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

/** What a trusted device signs to finish the sign-in that a token is of: the token's SHA-256. */
export const deviceNonceOf = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

export const invalidMfaToken = (cause?: unknown): Problem =>
  new Problem("invalid-mfa-token", { detail: "Sign in again.", cause });
