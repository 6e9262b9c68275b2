import { createPublicKey } from "node:crypto";
import { compactVerify, errors } from "jose";
import type { PublicJwk } from "./device.ts";

const algorithm = "ES256";
const proofType = "device-proof+jwt";
/** How far a device's clock may be off. Freshness comes from the nonce, not from here. */
const clockToleranceMs = 300_000;

export interface ProofExpectation {
  deviceId: string;
  publicJwk: PublicJwk;
  audience: string;
  nowMs: number;
}

/**
 * Verifies a device's proof: a compact JWS of its key over `{nonce, aud, jti, iat}`. Answers the
 * nonce, whose freshness and single use are for the caller to decide, or undefined.
 */
export async function verifyDeviceProof(
  proof: string,
  { deviceId, publicJwk, audience, nowMs }: ProofExpectation,
): Promise<string | undefined> {
  try {
    const key = createPublicKey({ key: { ...publicJwk }, format: "jwk" });
    const { payload, protectedHeader } = await compactVerify(proof, key, {
      algorithms: [algorithm],
    });
    if (protectedHeader.typ !== proofType || protectedHeader.kid !== deviceId) return undefined;
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (!isProofClaims(claims) || claims.aud !== audience) return undefined;
    return Math.abs(nowMs - claims.iat * 1000) <= clockToleranceMs ? claims.nonce : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return undefined;
    if (isInvalidKey(error)) return undefined;
    throw error;
  }
}

const isProofClaims = (
  claims: unknown,
): claims is { nonce: string; aud: string; jti: string; iat: number } => {
  if (typeof claims !== "object" || claims === null) return false;
  const { nonce, aud, jti, iat } = claims as Record<string, unknown>;
  return (
    typeof nonce === "string" &&
    typeof aud === "string" &&
    typeof jti === "string" &&
    typeof iat === "number"
  );
};

/** Coordinates that are no point of the curve. */
const isInvalidKey = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_CRYPTO_INVALID_JWK";
