import { Problem } from "../problem.ts";

/** Authenticated ciphers by the name an envelope carries, and by the name OpenSSL gives them. */
export const cipherNames = {
  "AES-256-GCM": "aes-256-gcm",
  "ChaCha20-Poly1305": "chacha20-poly1305",
} as const;

export type Algorithm = keyof typeof cipherNames;

const fipsPolicies = ["off", "prefer", "require"] as const;

/**
 * How strictly algorithms are held to FIPS 140-3: `off` allows all, `prefer` opens old records but
 * seals with approved algorithms alone, `require` neither seals nor opens with any other.
 */
export type FipsPolicy = (typeof fipsPolicies)[number];

/**
 * Refuses an algorithm that policy forbids, before OpenSSL is called; it is never replaced by
 * another in silence. ChaCha20-Poly1305 (RFC 8439) is no approved algorithm of FIPS 140-3.
 * @throws Problem `algorithm-not-approved`
 */
export function requireApproved(
  algorithm: Algorithm,
  use: "seal" | "open",
  policy: FipsPolicy,
): void {
  if (algorithm === "AES-256-GCM" || policy === "off") return;
  if (policy === "prefer" && use === "open") return;
  throw new Problem("algorithm-not-approved", {
    detail: `${algorithm} may not ${use} records while fips is "${policy}"`,
  });
}

/**
 * A deployment's FIPS setting as a policy.
 * @throws Error for any other text, so that a slip of the pen cannot switch the policy off
 */
export function fipsPolicyOf(setting: string): FipsPolicy {
  const policy = fipsPolicies.find((known) => known === setting);
  if (policy === undefined) throw new Error(`FIPS must be one of ${fipsPolicies.join(", ")}`);
  return policy;
}
