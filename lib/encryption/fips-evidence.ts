import { createCipheriv, createSecretKey, getFips, hash } from "node:crypto";

/**
 * What is known of FIPS 140-3 in this process. `getFips()` alone proves nothing: on a build without
 * the validated module it can be switched on, and then every primitive fails.
 */
export type FipsState =
  /** Algorithms are not restricted, whatever module may be loaded. */
  | "off"
  /** The flag is set, but approved algorithms fail or others still work. */
  | "flag-only-broken"
  /** Approved algorithms work and others are refused; which module does it is not proven. */
  | "provider-active-unverified"
  /** As before, and the module file is the one that the operator declared a certificate for. */
  | "provider-matches-declared-certificate";

/** An operator's statement: this module file has this certificate. */
export interface DeclaredCertificate {
  readonly certificate: string;
  readonly standard: "FIPS 140-2" | "FIPS 140-3";
  /** SHA-256 of the module file, hexadecimal. */
  readonly moduleSha256: string;
}

export interface FipsEvidence {
  readonly state: FipsState;
  readonly isFlagSet: boolean;
  readonly doApprovedWork: boolean;
  readonly areOthersRefused: boolean;
  readonly opensslVersion: string;
  readonly nodeVersion: string;
  /** SHA-256 of the module file found; absent where there is none. */
  readonly moduleSha256?: string;
  readonly declared?: DeclaredCertificate;
  /** By NIST's plan every FIPS 140-2 certificate became historical in September 2026. */
  readonly isCertificateSunset: boolean;
  readonly caveats: readonly string[];
}

const caveats = [
  "Node hands OpenSSL the initialization vector, so the module does not report AES-GCM encryption as an approved service, although AES-256-GCM is an approved algorithm.",
  "AWS Lambda is not an operational environment named on an OpenSSL certificate; at most the vendor or the user affirms it.",
  "Whether a certificate is still active can only be looked up at NIST's validation programme.",
];

/**
 * Finds out by trying, not by asking.
 * @param options.readModule the module's file (`fips.so`), if there is one
 */
export function collectFipsEvidence(options: {
  readonly readModule?: () => Uint8Array | undefined;
  readonly declared?: DeclaredCertificate | undefined;
}): FipsEvidence {
  const module = options.readModule?.();
  const doApprovedWork = works(tryAesGcm) && works(() => hash("sha256", ""));
  // Hashed only where SHA-256 works at all; a broken process must still be able to report.
  const moduleSha256 = module && doApprovedWork ? hash("sha256", module) : undefined;
  const found = {
    isFlagSet: getFips() === 1,
    doApprovedWork,
    areOthersRefused: !works(() => hash("md5", "")) && !works(tryChaCha20),
    isDeclaredModule: moduleSha256 !== undefined && moduleSha256 === options.declared?.moduleSha256,
  };
  const { isDeclaredModule: _, ...facts } = found;
  return {
    state: judge(found),
    ...facts,
    opensslVersion: process.versions.openssl,
    nodeVersion: process.version,
    ...(moduleSha256 === undefined ? {} : { moduleSha256 }),
    ...(options.declared === undefined ? {} : { declared: options.declared }),
    isCertificateSunset: options.declared?.standard === "FIPS 140-2",
    caveats,
  };
}

/** The state that a set of findings amounts to. */
export function judge(found: {
  readonly isFlagSet: boolean;
  readonly doApprovedWork: boolean;
  readonly areOthersRefused: boolean;
  readonly isDeclaredModule: boolean;
}): FipsState {
  if (!found.isFlagSet) return "off";
  if (!found.doApprovedWork || !found.areOthersRefused) return "flag-only-broken";
  return found.isDeclaredModule
    ? "provider-matches-declared-certificate"
    : "provider-active-unverified";
}

function works(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

const tryAesGcm = (): unknown =>
  createCipheriv("aes-256-gcm", createSecretKey(Buffer.alloc(32)), Buffer.alloc(12)).final();

const tryChaCha20 = (): unknown =>
  createCipheriv("chacha20-poly1305", createSecretKey(Buffer.alloc(32)), Buffer.alloc(12), {
    authTagLength: 16,
  }).final();
